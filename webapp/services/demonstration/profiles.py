"""From an idea, a name and a life to a startup's row: texts in all languages, terms and facts that fit one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from webapp.models import Localized, Milestone, Startup, Term, TermKind
from webapp.services.demonstration.content import Content, Idea, PopulationFigures
from webapp.services.demonstration.population import MONTH, Life, pick


@dataclass(frozen=True)
class Brand:
    """A name in both scripts."""

    latin: str
    arabic: str


class IdeaPool:
    """Pairs of an idea and one of its segments; each is drawn once, so that no two profiles say the same."""

    def __init__(self, random: Random, ideas: list[Idea], affinities: Mapping[str, Mapping[str, float]]) -> None:
        self._random = random
        self._affinities = affinities
        self._pairs: dict[str, list[tuple[Idea, int]]] = {}
        for idea in ideas:
            pairs = self._pairs.setdefault(idea.sectors[0], [])
            pairs += [(idea, segment) for segment in range(len(idea.segments))]
        for pairs in self._pairs.values():
            random.shuffle(pairs)

    def draw(self, site: str) -> tuple[Idea, int]:
        """A pair that is still free, more often of a sector that likes the site.

        Raises:
            IndexError: all pairs are drawn.
        """
        likes = self._affinities.get(site, {})
        weights = {sector: len(pairs) * likes.get(sector, 1.0) for sector, pairs in self._pairs.items() if pairs}
        return self._pairs[pick(self._random, weights)].pop()


class BrandPool:
    """Names that nobody has yet: a word alone, or with a second one."""

    def __init__(self, random: Random, content: Content) -> None:
        self._random = random
        self._names = content.names
        self._taken: set[str] = set()

    def draw(self, sector: str) -> Brand:
        """A free name that suits a sector."""
        roots = [word for word in self._names.roots if not word.sectors or sector in word.sectors]
        suffixes = [word for word in self._names.suffixes if not word.sectors or sector in word.sectors]
        while True:
            root = self._random.choice(roots)
            brand = Brand(root.latin, root.arabic)
            if self._random.random() > 0.4 or root.latin.casefold() in self._taken:
                suffix = self._random.choice(suffixes)
                brand = Brand(f"{root.latin} {suffix.latin}", f"{root.arabic} {suffix.arabic}")
            if (
                brand.latin.casefold() not in self._taken
                and root.latin.casefold() != brand.latin.split()[-1].casefold()
            ):
                self._taken.add(brand.latin.casefold())
                return brand


class CompanyNumberPool:
    """Numbers that the country's check accepts, made from a pattern in which each ``#`` is a digit."""

    CHECK_PLACES = 2
    """The last places of a pattern are tried one value after the other: check digits mostly stand there."""

    def __init__(self, random: Random, pattern: str, is_valid: Callable[[str], bool]) -> None:
        places = min(self.CHECK_PLACES, len(pattern) - len(pattern.rstrip("#")))
        self._random = random
        self._pattern = pattern[: len(pattern) - places]
        self._endings = [f"{number:0{places}}" for number in range(10**places)] if places else [""]
        self._is_valid = is_valid
        self._taken: set[str] = set()

    def draw(self) -> str | None:
        """A valid number that nobody has yet; nothing if the pattern seems to have none."""
        for _ in range(100):
            number = "".join(self._random.choice("0123456789") if c == "#" else c for c in self._pattern)
            if number not in self._taken:
                self._taken.add(number)
                for ending in self._endings:
                    if self._is_valid(number + ending):
                        return number + ending
        return None


class ProfileWriter:
    """Writes the startups' rows."""

    def __init__(
        self, random: Random, content: Content, terms: Mapping[tuple[str, str], Term], cities: Mapping[str, Localized]
    ) -> None:
        self._random = random
        self._content = content
        self._figures: PopulationFigures = content.figures
        self._terms = terms
        self._cities = cities
        self._shuffled: dict[int, list[Localized]] = {}

    def write(self, brand: Brand, idea: Idea, segment: int, life: Life, today: date) -> Startup:
        """A startup whose texts, terms and facts agree with its life."""
        random, figures = self._random, self._figures
        until = life.closed or today
        months = (min(life.left or until, until) - life.entered).days / MONTH if life.entered else random.randrange(12)
        maturity = pick(random, next(s.weights for s in figures.maturity_by_months if months <= s.until))
        headcount = pick(random, figures.headcount_by_maturity[maturity])
        city = self._cities[life.site] if life.site else random.choice(list(self._cities.values()))
        startup = Startup(
            name_latin=brand.latin,
            name_arabic=brand.arabic,
            pitch=self._fill(idea.pitch[segment % len(idea.pitch)], {"segment": idea.segments[segment]}),
            description=self._description(idea, segment, life, maturity, headcount, city, today),
            founded=self._founded(life, today),
            closed_on=life.closed,
            women_founders=random.random() < figures.women_founders,
            sdgs=idea.sdgs[:3],
            export_markets=self._export_markets(maturity),
            city=city,
            is_demo=True,
        )
        self._set_terms(startup, idea, maturity, headcount)
        self._set_raising(startup, maturity, life)
        startup.milestones = list(self._milestones(startup, life, maturity, today))
        return startup

    def _fill(self, text: Localized, values: Mapping[str, Localized | str | int]) -> Localized:
        """A text with its placeholders filled, language by language."""
        filled = {}
        for language, template in text.items():
            words = {key: value[language] if isinstance(value, dict) else value for key, value in values.items()}
            sentence = template.format(**words)
            filled[language] = sentence[:1].upper() + sentence[1:]
        return filled

    def _description(
        self, idea: Idea, segment: int, life: Life, maturity: str, headcount: str, city: Localized, today: date
    ) -> Localized:
        phrases = self._content.phrases
        values: dict[str, Localized | str | int] = {
            "segment": idea.segments[segment],
            "place": city,
            "count": 100 * self._random.choice((0, 0, 0, 0, 1)) + self._random.randrange(12, 99),
            "year": self._traction_year(life, today),
            "headcount": number_range(headcount),
        }
        sentences = [idea.product, idea.edge]
        sentences.append(self._next(phrases.early) if maturity in self._figures.early_maturities else idea.traction)
        if life.closed:
            sentences.append(self._next(phrases.closed))
            values["year"] = life.closed.year
        elif life.left:
            sentences.append(self._next(phrases.alumni))
            values["year"] = life.left.year
        else:
            sentences += [self._next(phrases.team), self._next(phrases.ask)]
        traction = self._fill(sentences[2], values | {"year": self._traction_year(life, today)})
        parts = [traction if n == 2 else self._fill(sentence, values) for n, sentence in enumerate(sentences)]
        return {
            language: "{} {}\n\n{}".format(
                parts[0][language], parts[1][language], " ".join(p[language] for p in parts[2:])
            )
            for language in idea.product
        }

    def _next(self, sentences: list[Localized]) -> Localized:
        """The next of a list in random order, so that each comes equally often."""
        rest = self._shuffled.setdefault(id(sentences), [])
        if not rest:
            rest += self._random.sample(sentences, len(sentences))
        return rest.pop()

    def _traction_year(self, life: Life, today: date) -> int:
        began = life.entered or today
        ended = min(filter(None, (life.left, life.closed, today)))
        return min(began.year + 1, ended.year)

    def _founded(self, life: Life, today: date) -> int:
        began = life.entered or today
        return began.year - self._random.choices((0, 1, 2, 3), (45, 35, 15, 5))[0]

    def _export_markets(self, maturity: str) -> list[str]:
        if self._random.random() >= self._figures.export_share.get(maturity, 0):
            return []
        wanted = self._random.choice((1, 1, 2, 3))
        return list(dict.fromkeys(pick(self._random, self._figures.export_markets) for _ in range(wanted)))

    def _set_terms(self, startup: Startup, idea: Idea, maturity: str, headcount: str) -> None:
        random, figures = self._random, self._figures
        unfounded = maturity in figures.not_founded_yet and random.random() < 0.5
        needs = sorted(
            random.sample(idea.needs, k=min(len(idea.needs), random.choice((2, 3, 3)))), key=idea.needs.index
        )
        for kind, codes in {
            TermKind.SECTOR: idea.sectors,
            TermKind.TECHNOLOGY: idea.technologies,
            TermKind.BUSINESS_MODEL: [idea.business_model],
            TermKind.CUSTOMER: idea.customers,
            TermKind.NEED: needs if startup.closed_on is None else [],
            TermKind.OFFER: idea.offers if startup.closed_on is None else [],
            TermKind.MATURITY: [maturity],
            TermKind.HEADCOUNT: [headcount],
            TermKind.FUNDING_STAGE: [pick(random, figures.funding_by_maturity[maturity])],
            TermKind.LEGAL_FORM: [
                figures.legal_form_before_founding if unfounded else pick(random, figures.legal_forms)
            ],
        }.items():
            startup.set_terms(kind, [self._terms[kind, code] for code in codes])

    def _set_raising(self, startup: Startup, maturity: str, life: Life) -> None:
        needs = {term.code for term in startup.terms(TermKind.NEED)}
        if (
            life.left
            or not needs & set(self._figures.raising_needs)
            or self._random.random() > self._figures.raising_share
        ):
            return
        least, most = self._figures.raising[self._figures.raising_next[maturity]]
        step = 10 ** (len(str(least)) - 1) // 2
        startup.raising_min = self._random.randrange(least, most + 1) // step * step
        startup.raising_max = startup.raising_min * self._random.choice((3, 4)) // 2 // step * step

    def _milestones(self, startup: Startup, life: Life, maturity: str, today: date) -> Iterator[Milestone]:
        """Two to four things that happened between founding and today, in a plausible order."""
        texts = self._content.phrases.milestones
        kinds = list(texts)
        count = 1 if maturity in self._figures.early_maturities else self._random.choice((2, 3, 3, 4))
        chosen = [kinds[0], *self._random.sample(kinds[1:], count - 1)]
        first = life.entered or today - timedelta(days=200)
        last = min(filter(None, (life.closed, today)))
        for number, kind in enumerate(sorted(chosen, key=kinds.index)):
            share = (number + 0.3 * self._random.random()) / count
            yield Milestone(on=first + share * (last - first), text=self._next(texts[kind]))


def number_range(code: str) -> str:
    """A code such as ``6-10`` or ``251-plus`` as text that keeps its direction within Arabic."""
    return "\u2066" + code.replace("-plus", "+").replace("-", "–") + "\u2069"
