/**
 * A proxy that writes down what both APIs answer, so that the answers can be held against their published descriptions afterwards
 * (`cargo run -p verger-testkit --bin check-answers`). It changes nothing on its way but the connection.
 *
 *   node recorder.mjs --listen PORT --frontend PORT --backend PORT --out FILE [-- COMMAND...]
 *
 * Clients that know proxies ask for whole addresses and reach any port of this machine, and nothing else. A client that knows none
 * takes the proxy for the Backend API. With a COMMAND, the proxy lives as long as the command, which finds it in HTTP_PROXY.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { Agent, createServer, request as send } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

const [own, command] = partedAt(process.argv.slice(2), '--');
const text = { type: 'string' };
const { values: options } = parseArgs({ args: own, options: { listen: text, frontend: text, backend: text, out: text } });
for (const name of ['listen', 'frontend', 'backend', 'out']) {
  if (!options[name]) throw new Error(`--${name} is missing`);
}

mkdirSync(dirname(options.out), { recursive: true });
const out = openSync(options.out, 'w');
const agent = new Agent({ keepAlive: true });

function partedAt(list, mark) {
  const at = list.indexOf(mark);
  return at < 0 ? [list, []] : [list.slice(0, at), list.slice(at + 1)];
}

/** Where a request goes: a whole address as it stands, a bare path to the Backend API. */
function targetOf(url) {
  const target = new URL(url, `http://localhost:${options.backend}`);
  const local = target.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(target.hostname);
  return local ? target : undefined;
}

/** The API that answers there; nothing for pages, bundles, mail and apps. */
function apiAt({ port, pathname }) {
  if (port === options.backend) return 'bapi';
  const path = pathname.replace(/^\/i\/[^/]+/, '');
  return port === options.frontend && /^\/(v1|\.well-known)\//.test(path) ? 'fapi' : undefined;
}

/** Headers as they came, in order and with repetitions, but for those of the connection. */
function passedOn(rawHeaders, dropped) {
  const kept = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!dropped.includes(rawHeaders[at].toLowerCase())) kept.push(rawHeaders[at], rawHeaders[at + 1]);
  }
  return kept;
}

const plain = { gzip: gunzipSync, br: brotliDecompressSync, deflate: inflateSync };

function writeDown(api, method, target, answer, body) {
  const decode = plain[answer.headers['content-encoding']] ?? (bytes => bytes);
  const line = {
    api,
    method,
    path: target.pathname + target.search,
    status: answer.statusCode,
    content_type: answer.headers['content-type'] ?? null,
    body: decode(body).toString('utf8'),
  };
  writeSync(out, `${JSON.stringify(line)}\n`);
}

function passOn(request, response) {
  const target = targetOf(request.url);
  if (!target) return response.writeHead(403).end('this proxy leads nowhere but to this machine\n');

  const headers = [...passedOn(request.rawHeaders, ['host', 'connection', 'proxy-connection']), 'Host', target.host];
  const { hostname, port, pathname, search } = target;
  const onward = send({ agent, hostname, port, method: request.method, path: pathname + search, headers });
  onward.on('response', answer => {
    const api = apiAt(target);
    const body = [];
    if (api) answer.on('data', bytes => body.push(bytes));
    // An answer that breaks off has no end.
    answer.on('end', () => api && writeDown(api, request.method, target, answer, Buffer.concat(body)));
    answer.on('error', () => response.destroy());
    response.writeHead(answer.statusCode, answer.statusMessage, passedOn(answer.rawHeaders, ['connection', 'keep-alive']));
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

/** Blind, so it leads to apps only: what the APIs answer in a tunnel would go unseen. */
function tunnel(request, socket) {
  const target = targetOf(`http://${request.url}`);
  if (!target || [options.frontend, options.backend].includes(target.port)) return socket.destroy();
  const onward = connect({ host: target.hostname, port: Number(target.port || 80) }, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}

const server = createServer(passOn).on('connect', tunnel);
server.listen(Number(options.listen), 'localhost', () => {
  if (command.length === 0) return;
  const proxy = `http://localhost:${options.listen}`;
  const env = { ...process.env, HTTP_PROXY: proxy, http_proxy: proxy, NO_PROXY: '', no_proxy: '' };
  const child = spawn(command[0], command.slice(1), { stdio: 'inherit', env });
  child.on('error', error => {
    console.error(`${command[0]} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', code => process.exit(code ?? 1));
});
