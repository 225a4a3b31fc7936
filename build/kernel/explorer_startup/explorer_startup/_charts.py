"""How Altair's charts reach the page."""


def draw_altair_offline(formatter) -> None:
    """Tells IPython's MIME bundle formatter to show Altair's charts as Vega-Lite, which JupyterLab draws itself.

    Altair's own default is HTML that loads Vega from another host. A renderer that the notebook chose is kept.
    """
    # By name: Altair is loaded only when a notebook imports it.
    formatter.for_type_by_name("altair.vegalite.v5.api", "TopLevelMixin", _vega_lite)


def _vega_lite(chart, include=None, exclude=None):
    import altair

    if altair.renderers.active != "default":
        return chart._repr_mimebundle_(include, exclude)
    # SVG: sharp at any zoom, and its text and labels are there for a screen reader.
    with altair.renderers.enable("mimetype", embed_options={"renderer": "svg"}):
        return chart._repr_mimebundle_(include, exclude)
