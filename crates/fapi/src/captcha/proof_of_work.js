// The widget of the built-in bot protection. It answers to the calls that clerk-js makes to a captcha widget: fetch a challenge from
// the server that this script came from, look for a number that makes its SHA-256 begin with enough zero bits, hand both back.
(() => {
  "use strict";
  if (window.turnstile) return;
  const source = new URL("challenge", document.currentScript.src).href;

  const constants = new Uint32Array(64);
  const start = new Uint32Array(8);
  (() => {
    const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
    for (let n = 2, found = 0; found < 64; n++) {
      let prime = true;
      for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
      if (!prime) continue;
      if (found < 8) start[found] = fraction(Math.sqrt(n));
      constants[found++] = fraction(Math.cbrt(n));
    }
  })();

  const words = new Uint32Array(64);
  const compress = (state, block, at) => {
    for (let i = 0; i < 16; i++) {
      const j = at + 4 * i;
      words[i] = (block[j] << 24) | (block[j + 1] << 16) | (block[j + 2] << 8) | block[j + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15];
      const y = words[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = words[i - 16] + s0 + words[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  };

  // The number is found in slices, so that the page stays alive.
  const solve = (challenge, isStopped) =>
    new Promise((resolve, reject) => {
      const bits = Number(challenge.split(".")[1]);
      const prefix = new TextEncoder().encode(challenge + ":");
      const whole = prefix.length - (prefix.length % 64);
      const begun = start.slice();
      for (let at = 0; at < whole; at += 64) compress(begun, prefix, at);
      const tail = new Uint8Array(192);
      const state = new Uint32Array(8);
      let number = 0;
      const fits = () => {
        const digits = String(number);
        const rest = prefix.length - whole;
        const length = rest + digits.length;
        tail.fill(0);
        tail.set(prefix.subarray(whole));
        for (let i = 0; i < digits.length; i++) tail[rest + i] = digits.charCodeAt(i);
        tail[length] = 0x80;
        const size = length + 9 <= 64 ? 64 : 128;
        new DataView(tail.buffer).setUint32(size - 4, (whole + length) * 8);
        state.set(begun);
        for (let at = 0; at < size; at += 64) compress(state, tail, at);
        return Math.clz32(state[0]) >= bits;
      };
      const work = () => {
        if (isStopped()) return reject(new Error("stopped"));
        for (const end = performance.now() + 30; performance.now() < end; ) {
          for (let i = 0; i < 256; i++, number++) if (fits()) return resolve(challenge + ":" + number);
        }
        setTimeout(work, 0);
      };
      work();
    });

  const widgets = new Map();
  let made = 0;

  const run = async (widget) => {
    const turn = ++widget.turn;
    const isStopped = () => widget.turn !== turn;
    try {
      const reply = await fetch(source, { credentials: "omit", cache: "no-store" });
      if (!reply.ok) throw new Error("status " + reply.status);
      const token = await solve((await reply.json()).challenge, isStopped);
      if (!isStopped()) widget.options.callback?.(token);
    } catch {
      // Codes that begin with 300 say that another try makes sense.
      if (!isStopped()) widget.options["error-callback"]?.("300010");
    }
  };

  window.turnstile = {
    render(container, options) {
      const id = "proof-of-work-" + ++made;
      const widget = { options, turn: 0 };
      widgets.set(id, widget);
      setTimeout(() => run(widget), 0);
      return id;
    },
    execute() {},
    reset(id) {
      const widget = widgets.get(id);
      if (widget) run(widget);
    },
    remove(id) {
      const widget = widgets.get(id);
      if (widget) widget.turn++;
      widgets.delete(id);
    },
  };
})();
