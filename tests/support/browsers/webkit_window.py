"""A window of WebKitGTK that does what its standard input says, a line of JSON each; for the system's Python.

WebKit's own driver opens private sessions only; here a profile can last. Arguments: the profile's folder, or `private`;
width; height. Answers are lines of JSON on the standard output.
"""

import json
import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

profile, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# What WebKit itself prints goes elsewhere.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

if profile == "private":
    manager = WebKit2.WebsiteDataManager.new_ephemeral()
else:
    manager = WebKit2.WebsiteDataManager(
        base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache"
    )
view = WebKit2.WebView.new_with_context(WebKit2.WebContext.new_with_website_data_manager(manager))
view.get_settings().set_enable_write_console_messages_to_stdout(True)
window = Gtk.Window()
window.set_default_size(width, height)
window.add(view)
window.show_all()
opening = False


def answer(value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def ran(_view, result):
    try:
        answer(json.loads(view.call_async_javascript_function_finish(result).to_json(0)))
    except GLib.Error as error:
        answer({"error": error.message})


def drawn(_view, result, path):
    try:
        view.get_snapshot_finish(result).write_to_png(path)
        answer({})
    except Exception as error:
        # Without python3-gi-cairo a TypeError; unanswered, who asked would wait for it.
        answer({"error": str(error)})


def changed(_view, event):
    global opening
    if event == WebKit2.LoadEvent.FINISHED and opening:
        opening = False
        answer({})


def failed(_view, _event, url, error):
    global opening
    if opening:
        opening = False
        answer({"error": f"{url}: {error.message}"})
    return False


def asked(_view, dialog):
    """Leaves a page whose notebook is not saved; a person would be asked."""
    if dialog.get_dialog_type() in (
        WebKit2.ScriptDialogType.BEFORE_UNLOAD_CONFIRM,
        WebKit2.ScriptDialogType.CONFIRM,
    ):
        dialog.confirm_set_confirmed(True)
    return True


def heard(source, _condition):
    global opening
    line = source.readline()
    if not line:
        Gtk.main_quit()
        return False
    order = json.loads(line)
    if "open" in order:
        opening = True
        view.load_uri(order["open"])
    elif "run" in order:
        view.call_async_javascript_function(order["run"], -1, None, None, None, None, ran)
    else:
        region, options = WebKit2.SnapshotRegion.VISIBLE, WebKit2.SnapshotOptions.NONE
        view.get_snapshot(region, options, None, drawn, order["draw"])
    return True


view.connect("load-changed", changed)
view.connect("load-failed", failed)
view.connect("script-dialog", asked)
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, heard)
Gtk.main()
