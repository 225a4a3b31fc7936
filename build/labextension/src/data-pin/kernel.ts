/** Tells a notebook's kernel its data pin: before the first cell runs, and whenever it changes. */
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { Kernel } from "@jupyterlab/services";

import { siteMetadata } from "../metadata";

/** The comm's target, which the kernel's `explorer_startup` registers. */
const TARGET = "binance_futures.pin";

/** The kernels that follow a pin. */
const FOLLOW = new Set(["python", "sql"]);

/** Keeps the kernel of `panel` told. Returns a function that tells it again. */
export function followPin(panel: NotebookPanel): () => void {
  const { sessionContext } = panel;
  let told: { kernel: string; snapshot: string | null } | undefined;

  const tell = (): void => {
    const kernel = sessionContext.session?.kernel;
    if (!panel.context.isReady || !kernel || !FOLLOW.has(kernel.name)) {
      return;
    }
    const snapshot = siteMetadata(panel.content.model).snapshot ?? null;
    const known = told?.kernel === kernel.id ? told.snapshot : null;
    if (snapshot !== known) {
      send(kernel, snapshot);
      told = { kernel: kernel.id, snapshot };
    }
  };

  sessionContext.kernelChanged.connect(tell);
  sessionContext.statusChanged.connect((_, status) => {
    // A kernel that starts again has forgotten it.
    if (status === "restarting" || status === "autorestarting") {
      told = undefined;
    }
  });
  sessionContext.connectionStatusChanged.connect((_, status) => {
    if (status === "connected") {
      tell();
    }
  });
  void panel.context.ready.then(tell);
  return tell;
}

function send(kernel: Kernel.IKernelConnection, snapshot: string | null): void {
  // A comm and not hidden code: it leaves no trace in the history and counts as no execution.
  const comm = kernel.createComm(TARGET);
  comm.open({ snapshot });
  comm.close();
}
