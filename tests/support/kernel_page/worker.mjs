// Pyodide in a module worker, as the notebook's kernel has it; runs the Python code that it is sent.
let python;

const handlers = {
  async start({ pyodide, packages }) {
    const { loadPyodide } = await import(`${pyodide}pyodide.mjs`);
    python = await loadPyodide({ lockFileURL: `${pyodide}pyodide-lock.json`, packages });
  },
  async run({ code, given }) {
    const namespace = python.toPy({ given });
    try {
      return await python.runPythonAsync(code, { globals: namespace });
    } finally {
      namespace.destroy();
    }
  },
};

self.onmessage = async ({ data: { id, call, ...args } }) => {
  try {
    self.postMessage({ id, value: await handlers[call](args) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
};
