"""Files of every kind that has a preview, small and made on the spot."""

import base64
import io
import json
import struct
import tarfile
import zipfile

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEklEQVR4nGP8z8DAwMDAxAADAA0GAQNo0Qq4AAAAAElFTkSuQmCC"
)
CSV = 'name,amount,note\nAda,3,=1+1\nBob,4,"two\nlines"\n'
NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": ["# Bears\n", "<script>alert(1)</script>"]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "source": "print('hello')",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "\x1b[31mhello\x1b[0m\n"},
                {"output_type": "display_data", "data": {"image/png": base64.b64encode(PNG).decode()}},
                {
                    "output_type": "execute_result",
                    "data": {"text/html": "<table><tr><td onclick='x()'>1</td></tr></table><script>alert(2)</script>"},
                },
                {"output_type": "error", "traceback": ["\x1b[1mZeroDivisionError\x1b[0m"]},
                {"output_type": "display_data", "data": {"application/x-widget": "{}"}},
            ],
        },
    ],
}


def zipped(names: list[str]) -> bytes:
    """A zip with an empty file a name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return made.getvalue()


def tarred(names: list[str], mode: str = "w") -> bytes:
    """A tar, or with `w:gz` a packed one, with three bytes a file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
    return made.getvalue()


def safetensors() -> bytes:
    """Two numbers."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "__metadata__": {"format": "pt"}})
    return struct.pack("<Q", len(header)) + header.encode() + bytes(8)


def pdf() -> bytes:
    """One page that says Hello."""
    stream = b"BT /F1 24 Tf 40 100 Td (Hello) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made + b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
