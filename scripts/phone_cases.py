"""Seeded phone numbers as people write them, as machines break them, and as nobody would."""

import random
import re._constants as syntax
import re._parser as parser

TYPES = """fixed_line mobile toll_free premium_rate shared_cost voip personal_number pager uan voicemail
           no_international_dialling general_desc""".split()
PUNCTUATION = [" ", " ", "-", "-", ".", "/", "", "", ")", "(", "  ", "\u00a0", "\u2010", "\u2013", "\u2212", "\u3000", "~", "[", "*"]
LABELS = [
    ";ext=", " ext. ", " ext ", "ext", " x", "x", " X ", "#", " # ", " extension ", " extensi\u00f3n ", " extensio\u0301 ",
    " Extn: ", "xtn", " int ", " INT.", ",", ",,", ", ", ";", " ; ", "~", " \uff58", "\uff45\uff58\uff54\uff4e", " \u0434\u043e\u0431. ",
    " \u0414\u041e\u0411 ", " anexo ", "\uff03", "\uff5e", " - ", "; ext=", " ext:-", ",,,", " e", "\text\uff0e", " exten ", ",ext",
]
DIGIT_SCRIPTS = ["\uff10", "\u0660", "\u06f0", "\u0966", "\u09e6", "\u0e50", "\U0001d7ce", "\U0001e950"]
ODD = (
    "0123456789" * 3 + "+++--  ()./xX#*~[];,:=_@%&'\"\\<>|?!\t\n\r" + "abcdeghinostuvwzABCXYZ"
    + "\u00a0\u00ad\u200b\u2060\u2010\u2015\u2212\u3000\u30fc\u2053\u223c\uff0b\uff0d\uff0e\uff0f\uff08\uff09\uff3b\uff3d\uff5e"
    + "\uff10\uff19\u0661\u06f5\u0967\u00b2\u2460\u00bd\u2167\uff21\uff58\uff38\uff03\uff25\uff34\uff2e\uff49\u00f3\u00d3\u0301"
    + "\u0434\u043e\u0431\u0411\u017f\u0131\u0130\u212a\u03b1\u4e00\u0e01\ufb05\u1c81\u1c82\u200e\ufeff\U0001f4de\U0001d7d8\U00010330"
)
WORDS = ["FLOWERS", "TAXI", "CALLNOW", "microsoft", "Help4u", "ext", "XXX", "a", "ab", "abc", "PIZZA", "\u017fup", "\u0131nt", "\u212aelvin"]
CONTEXTS = [
    "example.com", "www.1and1.com", "+", "+1-650", "+30.21(0)", "", "x", "a-b.c-", "-a.b", "a..b", "1.2", "b.c.", "+1;isub=2",
    "+x", "local host", "\u0661.com", "+\u0664\u0664", "a1.b2;ext=3",
]


class Cases:
    """An endless row of cases from one seed: (kind, region or `-`, number)."""

    def __init__(self, seed):
        from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE
        from phonenumbers.phonemetadata import PhoneMetadata

        self.random = random.Random(seed)
        self.plans = [
            (region, PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region))
            for calling_code, regions in sorted(_COUNTRY_CODE_TO_REGION_CODE.items())
            for region in regions
        ]
        self.regions = [region for region, _ in self.plans if region != "001"]
        self.kinds = [
            (self.international, 12), (self.national, 12), (self.dialled_abroad, 8), (self.with_extension, 10),
            (self.wrong_length, 8), (self.mutated, 10), (self.matching_prefix, 6), (self.letters, 4), (self.other_digits, 4),
            (self.uri, 5), (self.digits, 8), (self.garbage, 6), (self.odd_ends, 4), (self.long, 1), (self.empty, 1),
            (self.calling_code_without_plus, 4),
        ]

    def next(self):
        (kind,) = self.random.choices([kind for kind, _ in self.kinds], [weight for _, weight in self.kinds])
        region, number = kind()
        return kind.__name__, region, number

    # What the kinds are made of.

    def choose(self, values):
        return self.random.choice(values)

    def chance(self, share):
        return self.random.random() < share

    def sample(self, pattern):
        """Digits that a pattern matches."""
        return "".join(self._samples(parser.parse(pattern)))

    def _samples(self, items):
        for kind, value in items:
            if kind is syntax.LITERAL:
                yield chr(value)
            elif kind is syntax.IN:
                yield self._member(self.choose(value))
            elif kind is syntax.SUBPATTERN:
                yield from self._samples(value[3])
            elif kind is syntax.BRANCH:
                yield from self._samples(self.choose(value[1]))
            elif kind is syntax.MAX_REPEAT:
                least, most, repeated = value
                for _ in range(self.random.randint(least, most)):
                    yield from self._samples(repeated)

    def _member(self, item):
        kind, value = item
        if kind is syntax.LITERAL:
            return chr(value)
        low, high = (48, 57) if kind is syntax.CATEGORY else value
        return chr(self.random.randint(low, high))

    def random_digits(self, low, high):
        return "".join(self.choose("0123456789") for _ in range(self.random.randint(low, high)))

    def plan(self):
        return self.choose(self.plans)

    def significant(self, plan):
        """A national significant number of some type, valid or nearly so."""
        descriptions = [getattr(plan, name) for name in TYPES]
        descriptions = [each for each in descriptions if each is not None and each.national_number_pattern]
        return self.sample(self.choose(descriptions).national_number_pattern)

    def home(self, region):
        """The region mostly, sometimes another, none or one that does not exist."""
        fate = self.random.random()
        if region != "001" and fate < 0.8:
            return region
        return self.choose(self.regions) if fate < 0.93 else self.choose(["-", "-", "ZZ", "001", "XX"])

    def punctuated(self, digits):
        text = digits[:1]
        for digit in digits[1:]:
            text += (self.choose(PUNCTUATION) if self.chance(0.25) else "") + digit
        return text

    def written(self, plan):
        """A number in one of the usual forms."""
        number = self.significant(plan)
        form = self.random.random()
        if form < 0.4:
            return f"+{plan.country_code}" + self.choose(["", " ", "-", " (0)"]) + self.punctuated(number)
        if form < 0.6 and plan.national_prefix:
            return self.choose(["", "("]) + plan.national_prefix + self.punctuated(number)
        return self.punctuated(number)

    # The kinds.

    def international(self):
        region, plan = self.plan()
        plus = self.choose(["+", "+", "+", "+", "\uff0b", "++", "+ ", "(+", "Tel: +", "+0", "+00"])
        text = f"{plus}{plan.country_code}{self.significant(plan)}"
        return self.home(region), text if self.chance(0.4) else self.punctuated(text)

    def national(self):
        region, plan = self.plan()
        number = self.significant(plan)
        if plan.national_prefix_for_parsing and self.chance(0.3):
            number = self.sample(plan.national_prefix_for_parsing) + number
        elif plan.national_prefix and self.chance(0.6):
            number = plan.national_prefix + number
        return self.home(region), number if self.chance(0.4) else self.punctuated(number)

    def matching_prefix(self):
        """What a national prefix pattern matches, alone or with digits around it."""
        region, plan = self.plan()
        while not plan.national_prefix_for_parsing:
            region, plan = self.plan()
        number = self.sample(plan.national_prefix_for_parsing) + self.random_digits(0, 10)
        if self.chance(0.3):
            number = f"+{plan.country_code}{number}"
        return self.home(region), number

    def dialled_abroad(self):
        region, plan = self.plan()
        home, home_plan = self.plan()
        while not home_plan.international_prefix:
            home, home_plan = self.plan()
        prefix = self.sample(home_plan.international_prefix) if self.chance(0.7) else self.choose(["00", "011", "0011", "810"])
        number = f"{prefix}{plan.country_code}{self.significant(plan)}"
        return self.home(home), number if self.chance(0.5) else self.punctuated(number)

    def calling_code_without_plus(self):
        region, plan = self.plan()
        prefix = plan.national_prefix if plan.national_prefix and self.chance(0.3) else ""
        return self.home(region), f"{plan.country_code}{prefix}{self.significant(plan)}"

    def with_extension(self):
        region, plan = self.plan()
        text = self.written(plan) + self.choose(LABELS) + self.choose(["", "", " ", ".", ":", "-"])
        text += self.random_digits(1, self.choose([4, 6, 9, 15, 20, 21])) + self.choose(["", "", "", "#", " ", ".", "##"])
        if self.chance(0.1):
            text += self.choose(["/x", "\\ x", " / x", "/X", "x", ";isub=", ";phone-context="]) + self.random_digits(1, 4)
        return self.home(region), text

    def wrong_length(self):
        region, plan = self.plan()
        number = self.written(plan)
        if self.chance(0.5):
            return self.home(region), number[: -self.random.randint(1, 5)]
        return self.home(region), number + self.random_digits(1, 5)

    def mutated(self):
        region, plan = self.plan()
        text = list(self.written(plan))
        for _ in range(self.random.randint(1, 3)):
            place = self.random.randrange(len(text) + 1)
            fate = self.random.random()
            if fate < 0.6:
                text[place : place + 1] = self.choose("0123456789")
            elif fate < 0.75:
                text[place : place + 1] = ""
            elif fate < 0.9:
                text[place:place] = self.choose("0123456789")
            else:
                text[place:place] = self.choose(ODD)
        return self.home(region), "".join(text)

    def letters(self):
        region, plan = self.plan()
        number = self.written(plan)
        place = self.random.randint(0, len(number))
        return self.home(region), number[:place] + self.choose(["", "-", " "]) + self.choose(WORDS) + self.choose(["", number[place:]])

    def other_digits(self):
        region, plan = self.plan()
        zero = ord(self.choose(DIGIT_SCRIPTS))
        text = self.with_extension()[1] if self.chance(0.3) else self.written(plan)
        share = self.choose([0.1, 0.5, 1])
        return self.home(region), "".join(
            chr(zero + int(each)) if each in "0123456789" and self.chance(share) else each for each in text
        )

    def uri(self):
        region, plan = self.plan()
        text = self.choose(["tel:", "tel:", "", "TEL:", "xtel:"]) + self.written(plan)
        for _ in range(self.random.randint(0, 2)):
            text += self.choose(
                [f";phone-context={self.choose(CONTEXTS)}", f";phone-context=+{plan.country_code}", ";ext=12", ";isub=1234", ";a=b"]
            )
        return self.home(region), text

    def digits(self):
        prefix = self.choose(["", "", "+", "+1", "00", "011", "+" + str(self.plan()[1].country_code)])
        return self.home(self.plan()[0]), prefix + self.random_digits(0, self.choose([5, 9, 12, 19]))

    def garbage(self):
        text = "".join(self.choose(ODD) for _ in range(self.random.randint(0, 24)))
        return self.home(self.plan()[0]), text

    def odd_ends(self):
        region, plan = self.plan()
        ends = ["".join(self.choose(ODD) for _ in range(self.random.randint(0, 3))) for _ in range(2)]
        return self.home(region), ends[0] + self.written(plan) + ends[1]

    def long(self):
        region, plan = self.plan()
        length = self.choose([60, 64, 65, 66, 100, 249, 250, 251, 300])
        filler = self.choose(["0", "1", " ", "-", "x", "\uff11", "9", "a", ",", "+"])
        text = self.written(plan)
        fill = filler * max(0, length - len(text))
        return self.home(region), text + fill if self.chance(0.5) else fill + text

    def empty(self):
        return self.home(self.plan()[0]), self.choose(["", " ", "+", "-", "x", "0", "00", "+0", "n/a", "none", "+ext1"])

    def realistic(self):
        """A number as it is in a CRM: from few countries, mostly valid, in the form in which somebody typed it."""
        homes = {"US": 30, "GB": 12, "DE": 10, "FR": 8, "IT": 6, "GR": 6, "ES": 5, "BR": 5, "AU": 4, "CA": 4, "IN": 4, "AR": 2, "MX": 2}
        (region,) = self.random.choices(list(homes), list(homes.values()))
        plan = dict(self.plans)[region]
        number = self.sample(self.choose([plan.fixed_line, plan.mobile]).national_number_pattern)
        fate = self.random.random()
        if fate < 0.45:
            text = f"+{plan.country_code}{number}"
        elif fate < 0.6:
            text = f"+{plan.country_code} {number[:3]} {number[3:6]} {number[6:]}"
        elif fate < 0.8:
            text = (plan.national_prefix or "") + number
        elif fate < 0.95:
            text = f"({plan.national_prefix or ''}{number[:3]}) {number[3:6]}-{number[6:]}"
        elif fate < 0.97:
            text = f"{number} ext. {self.random_digits(2, 4)}"
        else:
            text = self.mutated()[1]
        return region, text
