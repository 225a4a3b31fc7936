/** Matches a worker's replies to the calls made. */
import { fromErrorData } from "../errors.ts";
import type { CallName, Calls, Reply, Request } from "../protocol.ts";

interface Watching {
  signal?: AbortSignal | null;
  onProgress?: ((progress: unknown) => void) | null;
}

interface Pending {
  resolve(value: never): void;
  reject(error: Error): void;
  onProgress: ((progress: unknown) => void) | null;
}

export class Channel {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private answered = false;
  private broken: Error | null = null;

  constructor(
    private readonly worker: Worker,
    private readonly onNotice: (line: string) => void,
  ) {
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      // Once it has answered, its calls report their own errors.
      if (this.answered) return;
      this.fail(new Error(`The engine's worker failed: ${event.message || "its script could not be loaded"}`));
    };
  }

  call<Name extends CallName>(
    call: Name,
    args: Parameters<Calls[Name]>,
    { signal, onProgress = null }: Watching = {},
  ): Promise<ReturnType<Calls[Name]>> {
    if (this.broken) return Promise.reject(this.broken);
    const id = this.nextId++;
    return new Promise<ReturnType<Calls[Name]>>((resolve, reject) => {
      const stop = () => this.post({ id, cancel: true });
      const done = () => signal?.removeEventListener("abort", stop);
      this.pending.set(id, {
        resolve: (value) => (done(), resolve(value)),
        reject: (error) => (done(), reject(error)),
        onProgress,
      });
      this.post({ id, call, args });
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop);
    });
  }

  close(): void {
    this.worker.terminate();
    this.fail(new Error("The engine is closed"));
  }

  private post(request: Request): void {
    if (!this.broken) this.worker.postMessage(request);
  }

  private receive(reply: Reply): void {
    this.answered = true;
    if ("notice" in reply) {
      this.onNotice(reply.notice);
      return;
    }
    const pending = this.pending.get(reply.id);
    if (!pending) return;
    if ("progress" in reply) {
      pending.onProgress?.(reply.progress);
      return;
    }
    this.pending.delete(reply.id);
    if ("error" in reply) pending.reject(fromErrorData(reply.error));
    else pending.resolve(reply.value as never);
  }

  private fail(error: Error): void {
    this.broken ??= error;
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
  }
}

