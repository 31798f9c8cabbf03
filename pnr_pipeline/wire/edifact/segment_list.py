"""The segments of an interchange in their order, cut into elements only when somebody asks for them.

A list of passengers is read from the texts of its segments, as most of them say one code or one date; cutting every one
of them and building a `Segment` for it takes longer than all the reading. Whoever wants segments takes them from here
by index, by slice, or all at once by `cut`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import compress, count
from typing import Final, overload

from pnr_pipeline.wire.edifact.segment import Segment, Separators

HEAD: Final = 4
"""Characters of a tag with the mark behind it."""

_REPEATED_BYTES_MAX: Final = 16
_REPEATED_MAX: Final = 4096
"""Short segments come again and again (`LOC+91+TUR`): their elements are cut once and shared."""


class SegmentList(Sequence[Segment]):
    """Segments as texts, with what is needed to cut them.

    `texts[i]` is the text between two terminators, with a tag in capitals in front, without release characters and line
    breaks. Any other segment had a close look: its text here is '' and it stands in `odd`. `heads[i]` is the tag with
    the mark behind it (`NAD+`), of every segment. `ends[i]` is the byte of its terminator, and the key in `odd`: so
    parts of the list share `odd`.
    """

    __slots__ = ("ends", "heads", "odd", "separators", "texts")

    def __init__(
        self,
        separators: Separators,
        texts: list[str] | None = None,
        heads: list[str] | None = None,
        ends: list[int] | None = None,
        odd: dict[int, Segment] | None = None,
    ) -> None:
        self.separators = separators
        self.texts = [] if texts is None else texts
        self.heads = [] if heads is None else heads
        self.ends = [] if ends is None else ends
        self.odd = {} if odd is None else odd

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, index: int) -> Segment: ...

    @overload
    def __getitem__(self, index: slice) -> "SegmentList": ...

    def __getitem__(self, index: int | slice) -> "Segment | SegmentList":
        if isinstance(index, slice):
            return SegmentList(self.separators, self.texts[index], self.heads[index], self.ends[index], self.odd)
        text = self.texts[index]
        if not text:
            return self.odd[self.ends[index]]
        component = self.separators.component
        elements: list[str | tuple[str, ...]] = text.split(self.separators.element)  # type: ignore[assignment]  # str
        if component in text:
            elements = [
                tuple(one.split(component)) if component in one else one  # type: ignore[union-attr]  # str
                for one in elements
            ]
        return Segment(text[:3], elements, self.ends[index] - len(text))

    def __iter__(self) -> Iterator[Segment]:
        return iter(self.cut())

    def places(self, tags: Collection[str]) -> list[int]:
        """Where the segments of these tags stand."""
        wanted = {*tags, *(tag + self.separators.element for tag in tags)}
        return list(compress(count(), map(wanted.__contains__, self.heads)))

    def codes_at(self, places: Sequence[int]) -> list[str]:
        """What the segments at these places say at position 1, without cutting the rest of them; '' for nothing."""
        element, component = self.separators.element, self.separators.component
        codes = []
        for place in places:
            if text := self.texts[place]:
                codes.append(text.split(element, 2)[1].partition(component)[0] if len(text) > HEAD else "")
            else:
                codes.append(self.odd[self.ends[place]].get(1))
        return codes

    def at(self, places: Sequence[int]) -> "SegmentList":
        """The segments at these places alone."""
        texts, heads, ends = self.texts, self.heads, self.ends
        return SegmentList(
            self.separators,
            [texts[place] for place in places],
            [heads[place] for place in places],
            [ends[place] for place in places],
            self.odd,
        )

    def first(self, tag: str) -> Segment | None:
        """The first segment of this tag."""
        wanted = (tag, tag + self.separators.element)
        return next((self[index] for index, head in enumerate(self.heads) if head in wanted), None)

    def cut(self) -> list[Segment]:
        """All segments. These are the hottest lines for bookings, so they are plain loops over locals."""
        component_mark, element_mark = self.separators.component, self.separators.element
        cut: list[Segment] = []
        take = cut.append
        repeated: dict[str, list[str | tuple[str, ...]]] = {}
        elements: list[str | tuple[str, ...]]
        for text, end in zip(self.texts, self.ends, strict=True):
            if component_mark in text:
                elements = text.split(element_mark)  # type: ignore[assignment]  # a list of str is one of these
                position = 0
                for element in elements:  # a comprehension takes a third more time
                    if component_mark in element:
                        elements[position] = tuple(element.split(component_mark))  # type: ignore[union-attr]  # str
                    position += 1  # noqa: SIM113  # so does enumerate
            elif (again := repeated.get(text)) is not None:
                elements = again
            elif text:
                elements = text.split(element_mark)  # type: ignore[assignment]  # as above
                if len(text) <= _REPEATED_BYTES_MAX and len(repeated) < _REPEATED_MAX and text.isascii():
                    repeated[text] = elements
            else:
                take(self.odd[end])
                continue
            take(Segment(text[:3], elements, end - len(text)))
        return cut

    def extend(self, texts: list[str], heads: list[str], ends: list[int]) -> None:
        """Put more segments behind."""
        self.texts += texts
        self.heads += heads
        self.ends += ends

    def remove(self, indexes: Sequence[int]) -> None:
        """Take out what is no segment (blanks between two terminators)."""
        if indexes:
            kept = sorted({*range(len(self.texts))}.difference(indexes))
            self.texts = [self.texts[index] for index in kept]
            self.heads = [self.heads[index] for index in kept]
            self.ends = [self.ends[index] for index in kept]

    def move(self, place_of: Callable[[int], int]) -> None:
        """Tell all places by those of the text that some bytes were taken from."""
        odd: dict[int, Segment] = {}
        for index, text in enumerate(self.texts):
            end = self.ends[index]
            self.ends[index] = place_of(end - len(text)) + len(text)
            if not text:
                segment = odd[self.ends[index]] = self.odd[end]
                segment.offset = place_of(segment.offset)
        self.odd = odd

    def change(self, change: Callable[[Segment], None], *, foreign_only: bool = False) -> None:
        """Change segments in place: all, or those that are not ASCII."""
        for index, text in enumerate(self.texts):
            if not foreign_only or not text or not text.isascii():
                segment = self[index]
                change(segment)
                self.set_odd(index, segment)

    def set_odd(self, index: int, segment: Segment) -> None:
        """Put a segment in place of a text."""
        self.odd[self.ends[index]] = segment
        self.texts[index] = ""
        self.heads[index] = segment.tag + self.separators.element if len(segment.tag) == HEAD - 1 else ""
