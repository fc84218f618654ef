import type { Instance } from '../stack/stack';

export type Message = {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  code: string | null;
  links: string[];
  created_at: number;
};

/** The mail that the server would have sent. Every message is handed out once, oldest first. */
export class Inbox {
  #taken = new Set<string>();

  constructor(private readonly instance: Pick<Instance, 'inbox_url'>) {}

  async messages(to: string, wait = 0): Promise<Message[]> {
    const query = new URLSearchParams({ to, wait: String(wait) });
    const response = await fetch(`${this.instance.inbox_url}/messages?${query}`);
    if (!response.ok) throw new Error(`inbox answered ${response.status}: ${await response.text()}`);
    return (await response.json()).messages;
  }

  /** The next message to `to` that nobody took yet; waits for it. */
  async next(to: string): Promise<Message> {
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline) {
      const fresh = (await this.messages(to, 2)).filter(({ id }) => !this.#taken.has(id)).at(-1);
      if (fresh) {
        this.#taken.add(fresh.id);
        return fresh;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`no new mail to ${to}`);
  }

  /** The one-time code of the next message. */
  async code(to: string): Promise<string> {
    const { code, subject } = await this.next(to);
    if (!code) throw new Error(`the mail "${subject}" carries no code`);
    return code;
  }
}
