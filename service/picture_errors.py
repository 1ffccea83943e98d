"""The errors of pictures, a branch of the tree in errors.py below CheckFault.

PictureUnreadable          a picture that cannot be read
├── PictureUnsupported     a kind of picture that we do not read, or none at all
├── PictureTooLarge        more bytes or pixels than are read
├── PictureDamaged         broken, or cut off
├── PictureWithoutText     nothing is written in it, as far as we see
├── PictureTooComplex      reading it was stopped: past the limits on time or memory
└── PictureCrashesReader   the process that read it crashed
"""

from __future__ import annotations

from service.errors import CheckFault


class PictureUnreadable(CheckFault):
    """The picture could not be read."""

    code = "picture-unreadable"


class PictureUnsupported(PictureUnreadable):
    """A kind of picture that the service does not read, or no picture at all."""

    code = "picture-unsupported"


class PictureTooLarge(PictureUnreadable):
    """The picture has more bytes or pixels than the service reads."""

    code = "picture-too-large"


class PictureDamaged(PictureUnreadable):
    """The picture is broken or was cut off."""

    code = "picture-damaged"


class PictureWithoutText(PictureUnreadable):
    """No text was recognised in the picture."""

    code = "picture-without-text"


class PictureTooComplex(PictureUnreadable):
    """Reading the picture went past the limits on time or memory."""

    code = "picture-too-complex"


class PictureCrashesReader(PictureUnreadable):
    """The process that read the picture crashed."""

    code = "picture-crashes-reader"
