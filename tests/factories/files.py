"""Files of every kind, as small as they can be and still be what they are; and a scanner to ask about them."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every scanner calls infected (eicar.org)."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack("!IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\x0b\x57\x59"))
    + _chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 16
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
EXE = b"MZ\x90\0\3\0\0\0" + b"\0" * 52 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0"
ELF = b"\x7fELF\2\1\1" + b"\0" * 57
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def archive(*names: str, stored_first: bytes | None = None) -> bytes:
    """A ZIP with these files in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for place, name in enumerate(names):
            opened.writestr(name, stored_first if place == 0 and stored_first else b"x")
    return buffer.getvalue()


ZIP = archive("a.txt")
DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("xl/workbook.xml", "[Content_Types].xml")
ODT = archive("mimetype", "content.xml", stored_first=b"application/vnd.oasis.opendocument.text")


def upload(name: str, content: bytes, content_type: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


class Scanner(socketserver.ThreadingTCPServer):
    """Speaks clamd's INSTREAM on a port of this machine: finds EICAR; `says` makes it answer something else."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, says: bytes | None = None, *, most: int = 25_000_000) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.says, self.most = says, most
        self.scanned: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        command = self.rfile.read(6)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0" if self.server.says is None else self.server.says)
            return
        command += self.rfile.read(4)
        assert command == b"zINSTREAM\0", command
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(content)
        verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(verdict if self.server.says is None else self.server.says)


@contextmanager
def running_scanner(says: bytes | None = None, *, most: int = 25_000_000) -> Iterator[Scanner]:
    with Scanner(says, most=most) as scanner:
        thread = threading.Thread(target=scanner.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield scanner
        finally:
            scanner.shutdown()
            thread.join()
