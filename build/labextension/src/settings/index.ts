/**
 * JupyterLab compiles two validators for each of its 90 plugins before it shows a notebook, to find that a visitor who set
 * nothing has the defaults. That takes a quarter of a second. Here such a visitor gets the defaults
 * (tests/unit/labextension/test_settings.py: the same ones), and who set something is validated as before.
 */
import { DefaultSchemaValidator, type ISettingRegistry } from "@jupyterlab/settingregistry";
import type { PartialJSONObject } from "@lumino/coreutils";

import { defaultsOf } from "./defaults";

/** Before JupyterLab's own plugins read their settings: when this extension is loaded, not when it is activated. */
export function skipNeedlessValidation(): void {
  const { validateData } = DefaultSchemaValidator.prototype;
  DefaultSchemaValidator.prototype.validateData = function (plugin: ISettingRegistry.IPlugin, populate = true) {
    if (plugin.raw.trim() !== "{}" || plugin.schema.type !== "object") return validateData.call(this, plugin, populate);
    if (populate) plugin.data = { composite: defaultsOf(plugin.schema) as PartialJSONObject, user: {} };
    return null;
  };
}
