"""What other programs read of the site: link previews (Open Graph), robots.txt and the sitemap.

Sources: https://ogp.me, https://www.sitemaps.org/protocol.html, RFC 9309.
"""

import html
from dataclasses import dataclass
from xml.sax.saxutils import escape

#: Size of a preview's picture in pixels.
PREVIEW_SIZE = (1200, 630)


@dataclass(frozen=True)
class Link:
    """A page that people send to each other. `path` is relative to the site's base, `picture` the preview's name."""

    title: str
    description: str
    path: str
    picture: str


def preview(link: Link, url: str | None, pictures: dict) -> str:
    """The page's description and Open Graph tags. Addresses in them must be absolute, so some need the site's `url`."""
    tags = [
        ("name", "description", link.description),
        ("property", "og:type", "website"),
        ("property", "og:title", link.title),
        ("property", "og:description", link.description),
    ]
    pictured = url and link.picture in pictures["previews"]
    if url:
        tags.append(("property", "og:url", url + link.path))
    if pictured:
        width, height = PREVIEW_SIZE
        tags += [
            ("property", "og:image", f"{url}pictures/{link.picture}-preview.jpg"),
            ("property", "og:image:width", str(width)),
            ("property", "og:image:height", str(height)),
            ("property", "og:image:alt", f"{link.title}: {link.description}"),
        ]
    tags.append(("name", "twitter:card", "summary_large_image" if pictured else "summary"))
    canonical = [f'<link rel="canonical" href="{html.escape(url + link.path)}">'] if url else []
    return "\n".join(
        [f'<meta {kind}="{name}" content="{html.escape(text)}">' for kind, name, text in tags] + canonical
    )


def robots(url: str | None) -> str:
    """robots.txt: everything but the machinery may be read, and where the sitemap is."""
    lines = ["User-agent: *", "Disallow: /*/data/objects/", "Disallow: /*/static/"]
    return "\n".join([*lines, *([f"Sitemap: {url}sitemap.xml"] if url else [])]) + "\n"


def sitemap(links: list[Link], url: str, changed: str) -> str:
    """sitemap.xml of the pages in `links`, last changed on the day `changed`."""
    pages = "".join(
        f"<url><loc>{escape(url + link.path)}</loc><lastmod>{changed}</lastmod></url>\n" for link in links
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}</urlset>\n'
    )
