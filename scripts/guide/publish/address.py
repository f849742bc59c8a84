"""The public address and the domain of what is published: paper, links and programs hold them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from guide.base.html import PageHtml
from guide.base.problem import Problem
from guide.publish.losses import DOMAIN, Comparison, Loss

FIRST_PAGE = "index.html"


def address_losses(compared: Comparison) -> list[Loss]:
    """The public address and the domain, where readers would lose them."""
    return [*_address(compared), *_domain(compared)]


def _address(compared: Comparison) -> Iterator[Loss]:
    old = _canonical(compared.was(FIRST_PAGE))
    new = _canonical(compared.will_be(FIRST_PAGE))
    if old and old != new:
        would = (
            f"would be at {new}" if new else "would have no address, because SITE_URL is not set"
        )
        yield Loss(
            old,
            f"the site is published at this address and {would}. Codes on paper, link previews and"
            f" the feed hold the address: set SITE_URL={old}",
        )


def _domain(compared: Comparison) -> Iterator[Loss]:
    old, new = _host(compared.was(DOMAIN)), _host(compared.will_be(DOMAIN))
    if old and old != new:
        would = f"would be {new}" if new else "would be gone"
        yield Loss(
            DOMAIN,
            f"the site's domain is {old} and {would}: write '{old}' into docs/{DOMAIN}, which every"
            " publication copies",
        )


def domain_disagrees(compared_domain: bytes, first_page: bytes) -> Iterator[Problem]:
    """A problem where the domain and the public address of a new site name different hosts."""
    host = urlsplit(_canonical(first_page)).hostname or ""
    domain = _host(compared_domain)
    if domain and host and domain != host:
        yield Problem(
            f"docs/{DOMAIN}",
            1,
            f"the domain is '{domain}', and SITE_URL has '{host}': readers would be led to another"
            " host, correct one of the two",
        )


def _canonical(page: bytes) -> str:
    """The public address that a first page says it has; "" where it says none."""
    link = PageHtml(page.decode("utf-8", "replace")).first('link[rel="canonical"]')
    address = (link.attributes.get("href") or "") if link else ""
    return address if urlsplit(address).scheme else ""


def _host(domain: bytes) -> str:
    """The host that a file CNAME names, in small letters; "" for none."""
    return domain.decode("utf-8", "replace").strip().lower()
