"""The pages and what they are made of, read once at the start, compressed once, sent with a tag so that a second visit costs nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.refusals import NoSuchPlace, problem

# Everything comes from this house: no CDN, no inline script but those that stand in our own files, nobody's frame (a framed console
# could be clicked through).
POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
PAGE = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What a browser heeds on every file. The rest binds what can be opened by itself, and a phone's first load asks for thirty that cannot:
# ten KiB of heads (tests/bench/phone.py).
EVERY = {"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
PAGES = frozenset({".html", ".svg"})
SILENT = {"Referrer-Policy": "no-referrer"}
REFERS = PAGES | {".css"}  # a style's font is asked for with the style's own policy
OURS = "no-cache"  # asked again each time and answered 304: an update shows at once, also on a phone left open for weeks
VENDOR = "public, max-age=604800"  # s; a week: other people's files change only with our releases
OFFICE_PAGES = ("tv", "kiosk", "desk")
STAFF_PAGES = ("officer", "supervisor", "admin", "login")
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
TEXT = frozenset({".js", ".css", ".html", ".svg", ".json", ".md", ".txt", ".webmanifest"})


@dataclass(frozen=True, slots=True)
class File:
    """One file, ready to be sent."""

    plain: bytes
    packed: bytes | None
    tag: str
    kind: str
    heads: Mapping[str, str]

    def response(self, request: Request, status: int = 200) -> Response:
        """The file, or 304 when the browser has it already."""
        packed = self.packed if self.packed is not None and "gzip" in request.headers.get("accept-encoding", "") else None
        headers = {"ETag": self.tag, **self.heads}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if packed is not None:
            headers["Content-Encoding"] = "gzip"
        return Response(self.plain if packed is None else packed, status, headers, self.kind)


def read(path: Path, cache: str) -> File:
    """The file at `path`, compressed when that makes it smaller."""
    plain = path.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0) if path.suffix in TEXT else None
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    tag = f'"{hashlib.sha256(plain).hexdigest()[:24]}"'
    heads = {"Cache-Control": cache, **EVERY}
    if path.suffix in REFERS:
        heads |= SILENT
    if path.suffix in PAGES:
        heads |= {"Content-Security-Policy": policy(plain), **PAGE}
    return File(plain, packed if packed and len(packed) < len(plain) else None, tag, kind, heads)


def policy(page: bytes) -> str:
    """What a page may load and run: of inline scripts those that stand in it now, by their hashes, and none that is slipped in."""
    hashes = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in INLINE.findall(page)]
    return POLICY.format(scripts="".join(f" 'sha256-{known}'" for known in hashes))


def shelf(folder: Path) -> Mapping[str, File]:
    """Every file below `folder` by its path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".py"]
    names = [path.relative_to(folder).as_posix() for path in files]
    return {name: read(path, VENDOR if name.startswith("vendor/") else OURS) for name, path in zip(names, files, strict=True)}


def routes(folder: Path, offices: Mapping[str, object]) -> list[Route]:
    """The pages' addresses; `folder` is static/."""
    files = shelf(folder)

    def shown(name: str, request: Request) -> Response:
        office = request.path_params.get("office")
        if office is not None and office not in offices:
            return missing(request)
        return files[f"{name}/index.html"].response(request)

    def missing(request: Request) -> Response:
        lost = files.get("lost/index.html")
        return lost.response(request, 404) if lost else problem(NoSuchPlace())

    def at(path: str, name: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return shown(name, request)

        return Route(path, endpoint)

    async def file(request: Request) -> Response:
        found = files.get(request.path_params["path"])
        return found.response(request) if found else problem(NoSuchPlace())

    async def icon(request: Request) -> Response:
        return files["icon.svg"].response(request)

    return [
        Route("/static/{path:path}", file),
        Route("/favicon.ico", icon),
        at("/", "offices"),
        at("/t", "phone"),
        *(at(f"/{name}", name) for name in STAFF_PAGES),
        at("/{office}", "phone"),
        *(at(f"/{{office}}/{name}", name) for name in OFFICE_PAGES),
    ]
