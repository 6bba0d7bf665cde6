"""The site: pages a person reads, in Chinese and English, and the data beside them.

In: a built graph and the workspace it belongs to. Out: pages by their paths, one at a time; the
same bytes whether they are written to a folder or served. One page is made by look-ups around one
thing, so that its cost does not grow with the graph. ``addresses`` says where everything lies.
"""

from __future__ import annotations

from policygraph.publish.site.page import Page
from policygraph.publish.site.room import POLICY
from policygraph.publish.site.site import Site

__all__ = ["POLICY", "Page", "Site"]
