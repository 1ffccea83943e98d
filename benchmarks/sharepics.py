"""Pictures with a text, drawn by chance from a seed: sharepics, memes, quotations, screenshots, columns, small print.

Also what a camera makes of them: askew, unevenly lit, blurred, noisy. The text that was drawn comes with each.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path("/usr/share/fonts/truetype/dejavu")  # Debian: fonts-dejavu-core
FACES = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold")
DARK = ("#111111", "#1d2b3a", "#3a1010", "#0b3d2e", "#2b1d3a")
LIGHT = ("#ffffff", "#f4efe6", "#e8f1f8", "#fff6c9", "#dfe8d8")
BRIGHT = ("#c62828", "#1565c0", "#2e7d32", "#ef6c00", "#6a1b9a")
NAMES = ("Jörg Müßig", "Käthe Größer", "Björn Täuber", "Änne Wüst", "Dr. Özlem Süß")
FURNITURE = (
    "Bitte teilen!",
    "Jetzt aufwachen!",
    "Quelle: Internet",
    "Das müssen alle wissen:",
    "Gelöscht in 3, 2, 1 …",
)


@dataclass(frozen=True, slots=True)
class Sharepic:
    """A picture as a file, how it was made, and the text in it, in reading order."""

    kind: str
    text: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that was drawn, and its text."""

    picture: Image.Image
    text: str


class Artist:
    """Draws pictures by chance; the same seed, fonts and sentences draw the same ones."""

    def __init__(self, seed: int, sentences: Sequence[str], fonts: Sequence[Path] = ()) -> None:
        self.chance, self.sentences = random.Random(seed), sentences  # noqa: S311 - pictures, no secrets
        self.fonts = list(fonts) or [FONTS / f"{face}.ttf" for face in FACES]

    # ------------------------------------------------------------ what there is

    def draw(self, kind: str, sentence: str | None = None) -> Sharepic:
        """One picture of a kind, with a sentence in it."""
        drawn = (KINDS | SCREENS)[kind](self, sentence or self.chance.choice(self.sentences))
        return Sharepic(kind, drawn.text, self.packed(drawn.picture))

    def photograph(self, kind: str, sentence: str | None = None) -> Sharepic:
        """One picture of a kind as somebody's camera takes it from a screen or a sheet."""
        drawn = (KINDS | SCREENS)[kind](self, sentence or self.chance.choice(self.sentences))
        return Sharepic(f"photographed {kind}", drawn.text, self.packed(self.through_a_camera(drawn.picture)))

    # ------------------------------------------------------------ kinds

    def poster(self, sentence: str) -> Drawn:
        """Large words on one colour or a gradient, light on dark or dark on light, perhaps with a line above."""
        picture, ink = self.ground((1080, 1080))
        lines = [self.chance.choice(FURNITURE)] if self.chance.random() < 0.5 else []
        return self.filled(picture, ink, [*lines, sentence], self.chance.randint(40, 72))

    def meme(self, sentence: str) -> Drawn:
        """White words with a dark edge, above and below, over something that looks like a photograph."""
        picture = self.scenery((1000, 900))
        draw, font = ImageDraw.Draw(picture), self.font(self.chance.randint(44, 60))
        words = sentence.split()
        half = (len(words) + 1) // 2
        above, below = (self.wrapped(" ".join(part), font, 920) for part in (words[:half], words[half:]))
        step = int(font.size * 1.25)
        for lines, top in ((above, 30), (below, 870 - step * len(below))):
            for number, line in enumerate(lines):
                left = (1000 - font.getlength(line)) / 2
                draw.text(
                    (left, top + step * number), line, font=font, fill="white", stroke_width=3, stroke_fill="black"
                )
        return Drawn(picture, sentence)

    def quotation(self, sentence: str) -> Drawn:
        """Somebody's words between quotation marks, and their name below."""
        picture, ink = self.ground((1080, 800))
        name = f"– {self.chance.choice(NAMES)}"
        return self.filled(picture, ink, [f"„{sentence}“", name], self.chance.randint(38, 56))

    def screenshot(self, sentence: str) -> Drawn:
        """A narrow tall picture of a post: three sentences of the size that phones show, dark or light."""
        picture = Image.new("RGB", (1080, 1400), self.chance.choice((*DARK[:2], *LIGHT[:2])))
        others = self.chance.sample(list(self.sentences), 2)
        return self.filled(picture, contrast_to(picture), [others[0], sentence, others[1]], self.chance.randint(34, 42))

    def columns(self, sentence: str) -> Drawn:
        """A newspaper's headline over two columns of small print."""
        picture = Image.new("RGB", (1400, 1200), self.chance.choice(LIGHT))
        draw, chosen = ImageDraw.Draw(picture), self.chance.choice(self.fonts)
        bold, small = ImageFont.truetype(str(chosen), 48), ImageFont.truetype(str(chosen), 26)
        top, said = 60, [sentence]
        for line in self.wrapped(sentence, bold, 1280):
            draw.text((60, top), line, font=bold, fill="#111111")
            top += 62
        for left in (60, 740):
            text = " ".join(self.chance.sample(list(self.sentences), 5))
            lines = self.wrapped(text, small, 580)[:18]
            for number, line in enumerate(lines):
                draw.text((left, top + 40 + 36 * number), line, font=small, fill="#222222")
            said.append(" ".join(lines))
        return Drawn(picture, " ".join(said))

    def small_print(self, sentence: str) -> Drawn:
        """Words of 16 to 22 pixels over a picture that was made smaller for a messenger."""
        picture, ink = self.ground((800, 600))
        others = self.chance.sample(list(self.sentences), 2)
        return self.filled(picture, ink, [sentence, *others], self.chance.randint(16, 22))

    def chat(self, sentence: str) -> Drawn:
        """A screenshot of a chat: a status bar, names, bubbles with times, and the sentence in one of them."""
        dark = self.chance.random() < 0.5
        picture = Image.new("RGB", (1080, 1500), "#0b141a" if dark else "#efeae2")
        draw, chosen = ImageDraw.Draw(picture), self.chance.choice([f for f in self.fonts if "Mono" not in f.name])
        font, small = ImageFont.truetype(str(chosen), 38), ImageFont.truetype(str(chosen), 26)
        ink, grey = ("#e9edef", "#8696a0") if dark else ("#111b21", "#667781")
        draw.text((40, 20), "12:41", font=small, fill=ink)
        draw.text((920, 20), "5G 87%", font=small, fill=ink)
        names = self.chance.sample(NAMES, 2)
        draw.text((140, 90), "Familie", font=font, fill=ink)
        draw.text((140, 140), "online", font=small, fill=grey)
        draw.text((480, 230), "Gestern", font=small, fill=grey)
        said = [
            (names[0], "Habt ihr das schon gesehen?"),
            (names[1], sentence),
            (names[0], "Das kann ich kaum glauben."),
        ]
        top, written = 320, ["Familie"]
        for number, (name, text) in enumerate(said):
            lines = self.wrapped(text, font, 700)
            left, height = (60 if number % 2 == 0 else 240), 60 + 50 * len(lines) + 44
            bubble = ("#202c33" if dark else "#ffffff") if number % 2 == 0 else ("#005c4b" if dark else "#d9fdd3")
            draw.rounded_rectangle((left - 24, top - 16, left + 780, top + height), 24, fill=bubble)
            draw.text((left, top), name, font=small, fill="#53bdeb" if dark else "#1f7aec")
            for place, line in enumerate(lines):
                draw.text((left, top + 44 + 50 * place), line, font=font, fill=ink)
            draw.text((left + 680, top + height - 36), f"12:{30 + number}", font=small, fill=grey)
            written += [f"{name}:", text]
            top += height + 50
        draw.text((80, 1430), "Nachricht", font=font, fill=grey)
        return Drawn(picture, " ".join(written))

    def rotated(self, sentence: str) -> Drawn:
        """A poster that lies on its side, or stands on its head."""
        drawn = self.poster(sentence)
        turn = self.chance.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270))
        return Drawn(drawn.picture.transpose(turn), drawn.text)

    def light_on_dark(self, sentence: str) -> Drawn:
        """Pale words on a dark ground, as screens show them at night."""
        picture = Image.new("RGB", (1080, 900), self.chance.choice(DARK))
        return self.filled(picture, self.chance.choice(("#c8cdd2", "#9aa4ad", "#e8d9a0")), [sentence], 44)

    # ------------------------------------------------------------ drawing

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        """A face by chance."""
        return ImageFont.truetype(str(self.chance.choice(self.fonts)), size)

    def ground(self, size: tuple[int, int]) -> tuple[Image.Image, str]:
        """A ground, and an ink that can be read on it."""
        choice = self.chance.random()
        if choice < 0.4:
            picture = Image.new("RGB", size, self.chance.choice((*DARK, *LIGHT, *BRIGHT)))
        elif choice < 0.75:
            dark = self.chance.random() < 0.5
            first, second = self.chance.sample(DARK if dark else LIGHT, 2)
            mask = Image.linear_gradient("L").resize(size)
            picture = Image.composite(Image.new("RGB", size, first), Image.new("RGB", size, second), mask)
        else:
            veil = self.chance.choice(("#000000", "#ffffff"))
            picture = Image.blend(self.scenery(size), Image.new("RGB", size, veil), 0.68)
        return picture, contrast_to(picture)

    def scenery(self, size: tuple[int, int]) -> Image.Image:
        """Soft spots of many colours, with some grain: nothing, but not plain."""
        picture = Image.new("RGB", size, self.chance.choice(BRIGHT))
        draw = ImageDraw.Draw(picture)
        for _ in range(40):
            left, top = self.chance.randint(-100, size[0]), self.chance.randint(-100, size[1])
            width, height = self.chance.randint(60, 400), self.chance.randint(60, 400)
            draw.ellipse((left, top, left + width, top + height), fill=self.chance.choice((*DARK, *LIGHT, *BRIGHT)))
        return self.grained(picture.filter(ImageFilter.GaussianBlur(14)), 10)

    def grained(self, picture: Image.Image, strength: float) -> Image.Image:
        """The picture with noise."""
        noise = np.random.default_rng(self.chance.randrange(2**32)).normal(0, strength, (*picture.size[::-1], 3))
        return Image.fromarray(np.clip(np.asarray(picture, dtype=np.float32) + noise, 0, 255).astype(np.uint8))

    def wrapped(self, text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
        """The text in lines no wider than that."""
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line]

    def filled(self, picture: Image.Image, ink: str, texts: Sequence[str], size: int) -> Drawn:
        """The texts below each other, as large as asked or as fits."""
        draw, chosen, margin = ImageDraw.Draw(picture), self.chance.choice(self.fonts), 50
        centred = self.chance.random() < 0.4
        while True:
            font = ImageFont.truetype(str(chosen), size)
            blocks = [self.wrapped(text, font, picture.width - 2 * margin) for text in texts]
            step = int(size * self.chance.uniform(1.2, 1.45))
            height = sum(step * len(block) for block in blocks) + step * (len(blocks) - 1)
            if height < picture.height - 2 * margin or size <= 14:
                break
            size -= 2
        top = max((picture.height - height) // 2, margin)
        for block in blocks:
            for line in block:
                left = (picture.width - font.getlength(line)) / 2 if centred else margin
                draw.text((left, top), line, font=font, fill=ink)
                top += step
            top += step
        return Drawn(picture, " ".join(texts))

    # ------------------------------------------------------------ cameras and files

    def through_a_camera(self, picture: Image.Image) -> Image.Image:
        """Askew, in perspective, unevenly lit, a little blurred, with grain."""
        width, height = picture.size
        table = Image.new(
            "RGB", (int(width * 1.2), int(height * 1.2)), self.chance.choice(("#5d4a3a", "#8a8f94", "#2f3338"))
        )
        table.paste(picture, (int(width * 0.1), int(height * 0.1)))
        turned = table.rotate(self.chance.uniform(-5, 5), Image.Resampling.BICUBIC, fillcolor="#444444")
        lean = [self.chance.uniform(0, 0.05) for _ in range(8)]
        full, tall = turned.size
        corners = (
            (lean[0] * full, lean[1] * tall), (lean[2] * full, tall * (1 - lean[3])),
            (full * (1 - lean[4]), tall * (1 - lean[5])), (full * (1 - lean[6]), lean[7] * tall),
        )  # fmt: skip
        leaning = turned.transform(
            turned.size, Image.Transform.PERSPECTIVE, perspective_of(corners, turned.size), Image.Resampling.BICUBIC
        )
        light = np.linspace(self.chance.uniform(0.6, 0.9), 1.0, full, dtype=np.float32)[None, :, None]
        lit = np.asarray(leaning, dtype=np.float32) * (light if self.chance.random() < 0.5 else light[:, ::-1])
        blurred = Image.fromarray(lit.astype(np.uint8)).filter(ImageFilter.GaussianBlur(self.chance.uniform(0.4, 1.1)))
        return self.grained(blurred, self.chance.uniform(3, 9))

    def packed(self, picture: Image.Image) -> bytes:
        """A file as messengers and phones make them: mostly JPEG, at times small, else PNG or WebP."""
        kind = self.chance.choice(("JPEG", "JPEG", "JPEG", "PNG", "WEBP"))
        file = io.BytesIO()
        picture.save(file, kind, **({} if kind == "PNG" else {"quality": self.chance.randint(45, 90)}))
        return file.getvalue()


KINDS: dict[str, Callable[[Artist, str], Drawn]] = {
    "poster": Artist.poster,
    "meme": Artist.meme,
    "quotation": Artist.quotation,
    "screenshot": Artist.screenshot,
    "columns": Artist.columns,
    "small print": Artist.small_print,
}
SCREENS: dict[str, Callable[[Artist, str], Drawn]] = {  # beside KINDS, whose order the benchmark draws by
    "chat": Artist.chat,
    "rotated": Artist.rotated,
    "light on dark": Artist.light_on_dark,
}


def contrast_to(picture: Image.Image) -> str:
    """White on what is dark, nearly black on what is light."""
    return "#ffffff" if np.asarray(picture.convert("L")).mean() < 128 else "#101010"


def perspective_of(corners: Sequence[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """What Pillow needs to bring four corners of a picture (from the upper left, counter-clockwise) to its edges."""
    width, height = size
    goals = ((0, 0), (0, height), (width, height), (width, 0))
    rows, known = [], []
    for (x, y), (u, v) in zip(goals, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        known += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(known))]
