"""What stands around an article and is the site's, not the article's: masthead with the menu, correction, neighbours, colophon.

A page that was approved holds only the places for them. They are filled in when it is published, and again when a neighbour, a column, the
office or a template has changed; the words in between stay as they were approved.
"""

import hashlib
import json

from xuanfa.adapters.site.address import article_path, root_of
from xuanfa.adapters.site.pages import Site, link_to
from xuanfa.adapters.site.places import filled
from xuanfa.adapters.site.records import Article


def framed(site: Site, article: Article, page: str) -> str:
    """The article's page with its frame of today."""
    context = site.surroundings(root_of(article_path(article.section, article.slug)), article.section)
    older, newer = site.catalogue.neighbours(article)
    correction = site.catalogue.correction_of(article.slug)
    return filled(
        page,
        {
            "masthead": site.html("masthead.html", **context),
            "correction": site.html("correction.html", correction=link_to(correction), **context) if correction else "",
            "neighbours": site.html("neighbours.html", older=link_to(older), newer=link_to(newer), **context),
            "colophon": site.html("colophon.html", **context),
        },
    )


def fingerprint(site: Site) -> str:
    """What all frames have in common today, as a hash: when it changes, every page has an earlier frame."""
    context = site.surroundings("../", "")
    common = [site.html("masthead.html", **context), site.html("colophon.html", **context)]
    return hashlib.sha256(json.dumps(common).encode()).hexdigest()
