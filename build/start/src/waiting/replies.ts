/** The side that replies to a worker which stands still: what comes of its requests, until that is known to have arrived. */
import { HELLO, type Asked, type Reply } from "./protocol.ts";

/** Milliseconds after which "ask again" is said: Firefox ends what a service worker keeps open for a minute. */
const PATIENCE = 4000;

interface Coming {
  promise: Promise<Reply>;
  resolve(reply: Reply): void;
}

export class Replies {
  private readonly coming = new Map<number, Coming>();
  private readonly channel: BroadcastChannel;

  /**
   * @param name of the channel, known to the service worker from the request's address
   * @param compute what a request's own body asks for
   * @param sooner resolves when something else is to be replied first, for which the request is made again
   */
  constructor(
    name: string,
    private readonly compute: (body: string, id: number) => Promise<Reply>,
    private readonly sooner: (id: number) => Promise<Reply> | null = () => null,
  ) {
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data: { want, body } }: MessageEvent<Partial<Asked>>) => {
      if (want === HELLO) this.channel.postMessage({ id: HELLO, kind: "value", body: "null" } satisfies Reply);
      else if (want !== undefined) void this.give(want, body);
    };
  }

  resolve(reply: Reply): void {
    this.to(reply.id).resolve(reply);
  }

  forget(id: number): void {
    this.coming.delete(id);
  }

  /** What was called, or asked for though the call is still on its way. */
  private to(id: number): Coming {
    let known = this.coming.get(id);
    if (!known) {
      let resolve!: (reply: Reply) => void;
      known = { promise: new Promise((settle) => (resolve = settle)), resolve };
      this.coming.set(id, known);
    }
    return known;
  }

  private async give(id: number, body?: string): Promise<void> {
    // A request may come twice, where the service worker ended in the middle of it.
    if (body !== undefined && !this.coming.has(id)) {
      this.forget(id - 1);
      this.to(id);
      void this.compute(body, id).then((reply) => this.resolve(reply));
    }
    let late: ReturnType<typeof setTimeout> | undefined;
    const pending = new Promise<Reply>((resolve) => (late = setTimeout(() => resolve({ id, kind: "pending" }), PATIENCE)));
    const given = await Promise.race([this.to(id).promise, this.sooner(id) ?? pending, pending]);
    clearTimeout(late);
    this.channel.postMessage(given);
  }
}
