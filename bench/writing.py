"""How invented startups write of themselves, as people do: elision, marks or none, letters exchanged, digits."""

from __future__ import annotations

import random
from collections.abc import Sequence

_VOWELS = "aàâeéèêiîoôuûyhœæ"
_SYLLABLES = "al zi ra no ta mi lo ka du ve sa ri me ba fo ne xi da yo qu li ma te ha ni ro su pe gi en or am is ax ub"
_ENDINGS = "Tech Labs Soft Systems Solutions Innov Digital AI Data Green Connect Agro Med Energy Robotics Studio Hub"
_ARABIC_NAMES = "نور أفق رؤية إبداع تقنية بداية منار أمل رواد مسار سحابة حلول بيان فكرة وصل درب ثمرة نبض أثر مدار زهرة"
_ELISIONS = ("l’", "d’", "l'", "d'", "qu’")
_VOWEL_MARKS = ("\u064e", "\u064f", "\u0650", "\u0651", "")


class Writer:
    """Writes names, pitches and descriptions.

    Args:
        chance: what all choices come from.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def name(self) -> str:
        """A name in Latin letters, in Arabic ones or in both."""
        pick, shape = self._chance.choice, self._chance.random()
        latin = "".join(pick(_SYLLABLES.split()) for _ in range(pick((2, 2, 3, 3, 4)))).capitalize()
        ending, arabic = pick(_ENDINGS.split()), _ARABIC_NAMES.split()
        if shape < 0.6:
            return f"{latin} {ending}"
        if shape < 0.8:
            return latin + ending.lower()
        return f"{pick(arabic)} {pick(arabic)} {ending}" if shape < 0.9 else f"{latin} {pick(arabic)}"

    def pitch(self, words: Sequence[str], phrases: Sequence[str]) -> str:
        """A few words and a phrase of the sector."""
        phrase = self._chance.choice(phrases)
        return " ".join([phrase, *words[:4]] if self._chance.random() < 0.5 else [*words[:3], phrase])

    def description(self, language: str, words: Sequence[str], phrases: Sequence[str], foreign: str) -> str:
        """Sentences of these words, with phrases of the sector and, sometimes, one of another sector."""
        chance = self._chance
        body = list(words)
        extra = [chance.choice(phrases) for _ in range(chance.randint(2, 5))]
        if chance.random() < 0.3:
            extra.append(foreign)
        for phrase in extra:
            body.insert(chance.randrange(len(body)), phrase)
        if language == "ar":
            body = [self._arabic(word) for word in body]
        if language == "fr":
            body = [self._elided(word) for word in body]
        if chance.random() < 0.3:
            body.insert(chance.randrange(len(body)), self._number(language))
        return self._sentences(body)

    def _sentences(self, body: Sequence[str]) -> str:
        sentences, start = [], 0
        while start < len(body):
            end = start + self._chance.randint(7, 16)
            sentence = " ".join(body[start:end])
            sentences.append(f"{sentence[0].upper()}{sentence[1:]}.")
            start = end
        return " ".join(sentences)

    def _number(self, language: str) -> str:
        digits = str(self._chance.randint(2, 999))
        return digits if language != "ar" else "".join(chr(0x660 + int(digit)) for digit in digits)

    def _elided(self, word: str) -> str:
        if word[0] in _VOWELS and self._chance.random() < 0.25:
            return self._chance.choice(_ELISIONS) + word
        return word

    def _arabic(self, word: str) -> str:
        """The word as one of many writers types it: vocalised, stretched, without hamza, with letters exchanged."""
        chance = self._chance
        way = chance.random()
        if way < 0.03:
            return "".join(letter + chance.choice(_VOWEL_MARKS) for letter in word)
        if way < 0.04 and len(word) > 3:
            place = chance.randrange(1, len(word) - 1)
            return word[:place] + "\u0640" * chance.randint(1, 3) + word[place:]
        if way < 0.10:
            return word.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا")
        return word.replace("ة", "ه").replace("ى", "ي") if way < 0.12 else word
