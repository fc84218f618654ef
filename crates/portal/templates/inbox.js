(() => {
  const { messages: address } = JSON.parse(document.getElementById('config').textContent);
  const list = document.getElementById('mails');
  const state = document.getElementById('state');
  const template = document.getElementById('mail');
  let newest = '';

  function copyButton(button, text) {
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }

  function link(href) {
    const item = document.createElement('li');
    const anchor = document.createElement('a');
    Object.assign(anchor, { href, textContent: href, target: '_blank', rel: 'noopener noreferrer' });
    item.append(anchor);
    return item;
  }

  // The HTML of a mail runs no scripts, knows no origin and loads nothing.
  function frame(html) {
    const element = document.createElement('iframe');
    element.setAttribute('sandbox', '');
    element.title = 'The mail as HTML';
    element.srcdoc = html;
    return element;
  }

  function render(mail, fresh) {
    const article = template.content.firstElementChild.cloneNode(true);
    const part = selector => article.querySelector(selector);
    article.classList.toggle('fresh', fresh);
    part('h2').textContent = mail.subject;
    part('.to').textContent = mail.to;
    if (mail.from) part('.from').textContent = `from ${mail.from}`;
    const at = new Date(mail.created_at);
    part('time').textContent = at.toLocaleTimeString();
    part('time').dateTime = at.toISOString();
    part('.text').textContent = mail.text;
    if (mail.code) {
      part('.code').hidden = false;
      part('output').textContent = mail.code;
      copyButton(part('.code button'), mail.code);
    }
    if (mail.links.length > 0) {
      part('.links').hidden = false;
      part('.links').append(...mail.links.map(link));
    }
    const details = part('details');
    details.hidden = mail.html === '';
    details.addEventListener('toggle', () => details.append(frame(mail.html)), { once: true });
    return article;
  }

  async function look(wait) {
    const query = new URLSearchParams({ wait, after: newest });
    const response = await fetch(`${address}?${query}`);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const { messages } = await response.json();
    if (messages.length === 0) return;
    const first = newest === '';
    for (const old of list.querySelectorAll('.fresh')) old.classList.remove('fresh');
    list.prepend(...messages.map(mail => render(mail, !first)));
    newest = messages[0].id;
    document.getElementById('empty').hidden = true;
  }

  async function watch() {
    let wait = 0;
    for (;;) {
      try {
        await look(wait);
        state.textContent = 'Waiting for mail …';
        wait = 25;
      } catch {
        state.textContent = 'The server does not answer. Trying again …';
        await new Promise(resolve => setTimeout(resolve, 2000));
        wait = 0;
      }
    }
  }

  watch();
})();
