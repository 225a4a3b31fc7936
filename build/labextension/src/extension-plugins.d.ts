/** `src/index.ts` of the extension that is bundled: federate.mjs says which. */
declare module "extension-plugins" {
  const plugins: unknown;
  export default plugins;
}
