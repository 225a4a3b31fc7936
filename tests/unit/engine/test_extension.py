"""LOAD finds the extension that came ahead, and no other file is taken for it."""

from support.labextension import run_typescript

SCRIPT = """
globalThis.XMLHttpRequest = class {
    open() {}
    send() {}
    get status() { return 404; }
    get response() { return null; }
};
// A section of a name and a byte: as the last word of the file, and beyond it.
const wasm = (name, byte) => new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 0, 3, 1, name, byte]);
const bytes = wasm(97, 1).buffer;
const extension = { url: "https://h/x.wasm", bytes, module: new WebAssembly.Module(bytes) };
const globals = () => [WebAssembly.Module, WebAssembly.validate, XMLHttpRequest];
const before = globals();
const loaded = module.loading(extension, () => {
    const heap = new Uint8Array(20);
    heap.set(wasm(97, 1), 3);
    const given = [heap.subarray(3, 16), wasm(97, 2), wasm(98, 1), wasm(97, 1).subarray(0, 8)];
    const made = given.map((bytes) => new WebAssembly.Module(bytes));
    const answers = [extension.url, "https://h/y.wasm"].map((address) => {
        const request = new XMLHttpRequest();
        request.open("GET", address, false);
        request.send(null);
        return [request.status, request.response === bytes];
    });
    return {
        isAhead: made.map((one) => one === extension.module),
        areModules: made.every((one) => one instanceof WebAssembly.Module),
        sections: made.map((one) => WebAssembly.Module.customSections(one, "a").length),
        answers,
        valid: [bytes, new Uint8Array(9)].map((given) => WebAssembly.validate(given)),
    };
});
const failed = [];
try {
    module.loading(extension, () => { throw new Error("refused"); });
} catch (error) {
    failed.push(error.message);
}
const asBefore = globals().every((one, i) => one === before[i]);
return { ...loaded, failed, asBefore, none: module.loading(null, () => globals()[0] === before[0]) };
"""


def test_its_code_is_taken_for_the_same_bytes_only_and_all_is_as_before_afterwards():
    assert run_typescript(("extension",), SCRIPT, room="engine") == {
        "isAhead": [True, False, False, False],
        "areModules": True,
        "sections": [1, 1, 0, 0],
        "answers": [[200, True], [404, False]],
        "valid": [True, False],
        "failed": ["refused"],
        "asBefore": True,
        "none": True,
    }
