"""Comes in: a ruleset with its cases. Goes out: pages an official reads against the document.

``publish_ruleset(ruleset, folder)`` writes one page in Chinese and one in English.
"""

from voucher_rules.publish.material import Material, gather_material
from voucher_rules.publish.page import lay_out_pages, publish_ruleset

__all__ = ["Material", "gather_material", "lay_out_pages", "publish_ruleset"]
