"""Pages go out compressed: over the network of a workshop a page is a fifth of its length."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Compress pages, whose tokens are masked and whose length Django blurs (BREACH).

    Nothing else: the ETag of the API has to come back as it went out, files are small already, and what streams
    goes on streaming.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
