"""Compiles the regular expressions of phone metadata into one deterministic automaton over the digits 0 to 9.

All patterns have a greatest length, so there are no cycles, and states that mean the same are one state: `\\d{6}` at the end
of a thousand patterns is there once. State 0 is the one from which nothing can be reached.
"""

import re._constants as syntax
import re._parser as parser

DIGITS = range(10)
DEAD = 0


class Automaton:
    """States, each a label and the next state for every digit; equal states are kept once."""

    def __init__(self):
        self.states = []
        self._numbers = {}
        assert self.state(0, [DEAD] * 10) == DEAD

    def state(self, label, following):
        key = (label, tuple(following))
        if key not in self._numbers:
            self._numbers[key] = len(self.states)
            self.states.append(key)
        return self._numbers[key]

    def label(self, state):
        return self.states[state][0]

    def next(self, state, digit):
        return self.states[state][1][digit]


class Program:
    """A pattern as instructions in the order in which a backtracking matcher would try them."""

    def __init__(self, pattern):
        self.code = []
        tree = parser.parse(pattern)
        self.last_group = tree.state.groups - 1
        self._sequence(tree)
        self._emit("match")

    def _emit(self, *instruction):
        self.code.append(list(instruction))
        return len(self.code) - 1

    def _sequence(self, items):
        for kind, value in items:
            if kind is syntax.LITERAL:
                self._emit("digit", {value - ord("0")})
            elif kind is syntax.IN:
                self._emit("digit", self._set(value))
            elif kind is syntax.SUBPATTERN:
                group, _, _, items = value
                self._emit("open", group)
                self._sequence(items)
                self._emit("close", group)
            elif kind is syntax.BRANCH:
                self._branch(value[1])
            elif kind is syntax.MAX_REPEAT:
                self._repeat(*value)
            elif kind is syntax.AT and value is syntax.AT_END:
                self._emit("end")
            else:
                raise ValueError(f"unexpected {kind} in a pattern")

    def _set(self, items):
        digits = set()
        for kind, value in items:
            if kind is syntax.LITERAL:
                digits.add(value - ord("0"))
            elif kind is syntax.RANGE:
                digits.update(range(value[0] - ord("0"), value[1] - ord("0") + 1))
            elif kind is syntax.CATEGORY and value is syntax.CATEGORY_DIGIT:
                digits.update(DIGITS)
            else:
                raise ValueError(f"unexpected {kind} in a set")
        return digits

    def _branch(self, alternatives):
        exits = []
        for alternative in alternatives[:-1]:
            fork = self._emit("fork", len(self.code) + 1, None)
            self._sequence(alternative)
            exits.append(self._emit("jump", None))
            self.code[fork][2] = len(self.code)
        self._sequence(alternatives[-1])
        for exit in exits:
            self.code[exit][1] = len(self.code)

    def _repeat(self, least, most, items):
        if most is syntax.MAXREPEAT:
            raise ValueError("a pattern without a greatest length")
        for _ in range(least):
            self._sequence(items)
        forks = []
        for _ in range(most - least):
            forks.append(self._emit("fork", len(self.code) + 1, None))
            self._sequence(items)
        for fork in forks:
            self.code[fork][2] = len(self.code)

    def threads(self, starts, depth):
        """What is waited for behind `starts`, best first: (instruction, start of the last group, its end).

        Nothing behind a match is tried any more.
        """
        found, seen = [], set()

        def follow(at, opened, closed):
            if at in seen or any(self.code[thread[0]][0] == "match" for thread in found):
                return
            seen.add(at)
            kind, *operands = self.code[at]
            if kind == "fork":
                for target in operands:
                    follow(target, opened, closed)
            elif kind == "jump":
                follow(operands[0], opened, closed)
            elif kind in ("open", "close"):
                if operands[0] == self.last_group and kind == "open":
                    opened = depth
                elif operands[0] == self.last_group:
                    closed = depth
                follow(at + 1, opened, closed)
            else:
                found.append((at, opened, closed))

        for start in starts:
            follow(*start)
        return tuple(found)

    def after(self, threads, digit, depth):
        moved = [
            (at + 1, opened, closed)
            for at, opened, closed in threads
            if self.code[at][0] == "digit" and digit in self.code[at][1]
        ]
        return self.threads(moved, depth)


class Compiler:
    """Patterns in, states of one shared automaton out."""

    def __init__(self):
        self.automaton = Automaton()
        self.dead = DEAD
        #: What a match of a prefix leaves, as ((group start, group's distance from the end) at the end, elsewhere).
        self.outcomes = []
        self._languages = {}
        self._prefixes = {}

    def language(self, pattern, lengths=()):
        """A start state; label 1 says that all the digits so far match, and that there are as many as `lengths` allows."""
        if not pattern:
            return DEAD
        key = (pattern, tuple(lengths))
        if key not in self._languages:
            state = self._language(Program(pattern)) if not lengths else self.language(pattern)
            self._languages[key] = self._restricted(state, lengths, 0, {}) if lengths else state
        return self._languages[key]

    def _language(self, program):
        known = {}

        def build(instructions):
            # Only whether all matches counts here, so sets do, which are fewer than orders.
            key = frozenset(instructions)
            if key and key not in known:
                matches = any(program.code[at][0] == "match" for at in key)
                following = []
                for digit in DIGITS:
                    moved = [at + 1 for at in key if program.code[at][0] == "digit" and digit in program.code[at][1]]
                    following.append(build(closure(moved)))
                known[key] = self.automaton.state(int(matches), following)
            return known[key] if key else DEAD

        def closure(instructions):
            found, waiting = set(), list(instructions)
            while waiting:
                at = waiting.pop()
                kind, *operands = program.code[at]
                if kind in ("fork", "jump"):
                    waiting += operands
                elif kind in ("open", "close"):
                    waiting.append(at + 1)
                elif kind == "end":
                    raise ValueError("`$` in a pattern for whole numbers")
                else:
                    found.add(at)
            return found

        return build(closure([0]))

    def _restricted(self, state, lengths, depth, known):
        if state == DEAD or depth > max(lengths):
            return DEAD
        if (state, depth) not in known:
            label, following = self.automaton.states[state]
            following = [self._restricted(next, lengths, depth + 1, known) for next in following]
            known[state, depth] = self.automaton.state(label if depth in lengths else 0, following)
        return known[state, depth]

    def product(self, starts, label, known):
        """A start state that follows all of `starts` at once; `label` makes its label of theirs."""
        if not any(starts):
            return DEAD
        if starts not in known:
            labels = [self.automaton.label(state) for state in starts]
            following = [
                self.product(tuple(self.automaton.next(state, digit) for state in starts), label, known)
                for digit in DIGITS
            ]
            known[starts] = self.automaton.state(label(labels), following)
        return known[starts]

    def prefix(self, pattern, with_group=False):
        """A start state; a label is one more than the index of the outcome if nothing better follows."""
        if not pattern:
            return DEAD
        key = (pattern, with_group)
        if key not in self._prefixes:
            program = Program(pattern)
            self._prefixes[key] = self._prefix(program, program.threads([(0, None, None)], 0), 0, with_group, {})
        return self._prefixes[key]

    def _prefix(self, program, threads, depth, with_group, known):
        if not threads:
            return DEAD
        if (threads, depth) not in known:
            following = [
                self._prefix(program, program.after(threads, digit, depth + 1), depth + 1, with_group, known)
                for digit in DIGITS
            ]
            known[threads, depth] = self.automaton.state(self._outcome(program, threads, depth, with_group), following)
        return known[threads, depth]

    def _outcome(self, program, threads, depth, with_group):
        at_end = elsewhere = None
        for at, opened, closed in threads:
            kind = program.code[at][0]
            left = (opened, depth - closed) if with_group and closed is not None else (None, None)
            if kind == "match":
                elsewhere = left
            elif kind == "end" and at_end is None:
                if program.code[at + 1][0] not in ("jump", "match"):
                    raise ValueError("`$` that is not at the end of a pattern")
                at_end = left
        if at_end is None and elsewhere is None:
            return 0
        outcome = (at_end or elsewhere, elsewhere)
        if outcome not in self.outcomes:
            self.outcomes.append(outcome)
        return self.outcomes.index(outcome) + 1
