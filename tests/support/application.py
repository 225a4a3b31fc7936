"""JupyterLab's own application object, in a page of the site: for what no one can click in reasonable time."""

from playwright.sync_api import Page

#: Adds a plugin of the test's to the site's extension, which is given the application and leaves it in `window.application`.
_TAKE = """window._JUPYTERLAB = new Proxy({}, {set(target, name, container) {
    target[name] = container;
    if (name !== '@futures-explorer/labextension') return true;
    const get = container.get;
    const plugin = {id: 'test:application', autoStart: true, activate: app => { window.application = app }};
    container.get = async module => {
        const found = (await get(module))();
        return () => ({...found, default: [...found.default, plugin]});
    };
    return true;
}})"""


def take_application(page: Page) -> None:
    """From the next page that is loaded on, `application` is the JupyterFrontEnd once it has started."""
    page.add_init_script(_TAKE)
