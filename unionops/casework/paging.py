"""The rooms above find paging here; it lives below, because the directory has long lists too."""

from unionops.org.paging import MOST_COUNTED, PAGE_ROWS, Order, Page, capped_count, page_of

__all__ = ["MOST_COUNTED", "PAGE_ROWS", "Order", "Page", "capped_count", "page_of"]
