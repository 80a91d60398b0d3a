import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct TextTests {
    private func tidied(_ settings: [(String, ConfigurationNode)], _ values: [String?]) throws -> [String?] {
        let place = SourceLocation(file: "test.yaml", line: 1)
        let entries = ([("columns", ["a"])] + settings).map {
            ConfigurationNode.Entry(key: $0.0, location: place, value: $0.1)
        }
        return try rewritten(Text.self, .mapping(entries, place), values)
    }

    @Test func trimTakesWhiteSpaceOffBothEnds() throws {
        #expect(
            try tidied([("trim", true)], [" a  b\t", "\u{A0}\u{3000}ä\u{2003}", " \n ", "", nil, "\u{A0}"])
                == ["a  b", "ä", "", "", nil, ""]
        )
    }

    @Test func runsOfBlanksCollapse() throws {
        #expect(
            try tidied([("collapse_blanks", true)], ["  a \t\r\n b  ", "ä\u{A0}\u{A0} ö"]) == [" a b ", "ä ö"]
        )
        #expect(try tidied([("collapse_blanks", true), ("trim", true)], ["  a \t b  "]) == ["a b"])
    }

    @Test(arguments: [
        ("ANNE-MARIE O'NEILL", "Anne-Marie O'Neill"), ("mary's don't", "Mary's Don't"), ("d’artagnan", "D’Artagnan"),
        ("ΓΙΏΡΓΟΣ ΠΑΠΑΔΌΠΟΥΛΟΣ", "Γιώργος Παπαδόπουλος"), ("ΣΊΣΥΦΟΣ", "Σίσυφος"), ("von der LEYEN", "Von Der Leyen"),
        ("éCLAIR", "Éclair"), ("e\u{301}COLE", "E\u{301}cole"), ("1ST avenue", "1st Avenue"), ("ǆ", "ǅ"),
        ("straße", "Straße"), ("o''neill", "O''Neill"), ("ΟΔΟΣ, ΟΔΟΣ-Σ", "Οδος, Οδος-Σ"), ("", ""),
    ])
    func titleCaseBeginsWordsWithACapital(_ text: String, _ expected: String) throws {
        #expect(try tidied([("case", "title")], [text]) == [expected])
    }

    @Test func upperAndLowerFollowUnicode() throws {
        #expect(try tidied([("case", "upper")], ["straße ümlaut az"]) == ["STRASSE ÜMLAUT AZ"])
        #expect(
            try tidied([("case", "lower")], ["ÜMLAUT AZ[", "ΟΔΟΣ ΣΑΣ Σ ΣΣΣ", "ΑΣ\u{301}Α"])
                == ["ümlaut az[", "οδος σας σ σσς", "ασ\u{301}α"]
        )
    }

    @Test func invisibleCharactersAreTakenOut() throws {
        let value = "a\u{0}\u{7F}\tb\nc\u{200B}d\u{FEFF}\u{AD}e\u{85}f"
        #expect(try tidied([("strip", ["control"])], [value]) == ["a b c\u{200B}d\u{FEFF}\u{AD}e f"])
        #expect(try tidied([("strip", ["zero_width"])], [value]) == ["a\u{0}\u{7F}\tb\ncde\u{85}f"])
        #expect(try tidied([("strip", ["zero_width"])], ["g\u{34F}h\u{61C}i\u{180E}j"]) == ["ghij"])
    }

    @Test func lettersAndTheirMarksBecomeOneCharacter() throws {
        #expect(try tidied([("normalize", "nfc")], ["e\u{301}"]).map { $0.map { Array($0.utf8) } } == [[0xC3, 0xA9]])
        let upper = try tidied([("normalize", "nfc"), ("case", "upper")], ["\u{390}"])
        #expect(upper.map { $0?.unicodeScalars.map(\.value) } == [[0x3AA, 0x301]])
    }

    @Test func aLongerValueMakesItsRowInvalid() throws {
        let result = try transformed(
            Text.self,
            ["columns": ["a"], "max_length": 3],
            [.init("a")],
            [["abc"], ["abcd"], ["😀a"], ["😀😀"], ["äöü"], [nil]]
        )
        #expect(result.batch.rows == [["abc"], ["😀a"], ["äöü"], [nil]])
        let reason = "\"a\" has 4 characters, and at most 3 are allowed"
        #expect(result.invalid == [1, 3].map { RowFault(row: $0, code: "value_too_long", reason: reason) })
    }

    @Test func aLongerValueIsCutBetweenCharacters() throws {
        let cut: [(String, ConfigurationNode)] = [("max_length", 3), ("on_too_long", "cut")]
        #expect(
            try tidied(cut, ["abcd", "ab😀", "a👨‍👩‍👧", "abe\u{301}", "äöüß", "😀😀"]) == ["abc", "ab", "a", "ab", "äöü", "😀"]
        )
        #expect(try tidied(cut + [("trim", true)], ["ab cd"]) == ["ab"])
    }

    @Test func theColumnIsTextAfterwardsAndOthersStay() throws {
        let result = try transformed(
            Text.self,
            ["columns": ["n"], "trim": true],
            [.init("n", .integer), .init("m", .integer)],
            [["1", "2"]]
        )
        #expect(result.batch.schema.columns == [.init("n"), .init("m", .integer)])
    }

    @Test func settingsThatCannotBeAreRefused() {
        #expect(fault(Text.self, ["columns": ["a"]], nil).contains("nothing is to be done"))
        #expect(fault(Text.self, ["columns": [], "trim": true], nil).contains("must name at least one column"))
        #expect(
            fault(Text.self, ["columns": ["a"], "case": "caps"], nil).contains(
                "`case` must be `upper`, `lower`, `title`, got \"caps\""
            )
        )
        #expect(
            fault(Text.self, ["columns": ["a"], "trim": true, "on_too_long": "cut"], nil).contains(
                "`on_too_long` has no use without `max_length`"
            )
        )
        #expect(fault(Text.self, ["columns": ["b"], "trim": true], [.init("bb")]).contains("did you mean `bb`?"))
    }
}
