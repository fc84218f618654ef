# run    verger dev and the example app, wired to each other
# test   the whole gate, browsers included
# check  the gate without the browsers
# bench  throughput and latency of a release binary
# audit  known vulnerabilities; asks the network

.PHONY: run test check bench audit

run:
	@scripts/run.sh

test:
	@scripts/test.sh

check:
	@scripts/check.sh

bench:
	@scripts/bench.sh

audit:
	@scripts/audit.sh
