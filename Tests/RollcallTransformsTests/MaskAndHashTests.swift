import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct MaskAndHashTests {
    @Test func allButTheLastCharactersAreHidden() throws {
        #expect(
            try rewritten(Mask.self, ["columns": ["a"]], ["DE44500105175407324931", "12345", "1234", "1", "", nil])
                == ["******************4931", "*2345", "****", "*", "", nil]
        )
        #expect(try rewritten(Mask.self, ["columns": ["a"], "keep": 1, "with": "•"], ["Γιώ", "a👨‍👩‍👧"]) == ["••ώ", "•👨‍👩‍👧"])
        #expect(try rewritten(Mask.self, ["columns": ["a"], "keep": 0], ["abc"]) == ["***"])
    }

    /// The digests are those of Python's hmac module.
    @Test func valuesBecomeTheirKeyedDigests() throws {
        let settings: ConfigurationNode = ["columns": ["a"], "key": "a key of a test, of any length"]
        let digests = try rewritten(Hash.self, settings, ["what do ya want for nothing?", "", nil, "ä", "ä"])
        #expect(digests[0] == "c7d4b34913ce7ede501c3796105b01da0857635a5ab4ec55bd6956ce0a707651")
        #expect(digests[1] == "9bd00710521c72260afdbd09c7a048baa95d5f6468470d9f8ce591eea3879ea0")
        #expect(digests[2] == nil)
        #expect(digests[3] == digests[4])
    }

    @Test func aShortKeyIsRefusedAndNoKeyIsShown() {
        let told = fault(Hash.self, ["columns": ["a"], "key": "hunter2"], nil)
        #expect(told.contains("`key` must have at least 16 characters"))
        #expect(!told.contains("hunter2"))
        #expect(fault(Hash.self, ["columns": ["a"]], nil).contains("`key` is missing"))
        #expect(fault(Mask.self, ["columns": ["a"], "with": "xx"], nil).contains("must be one character"))
        #expect(fault(Mask.self, ["columns": ["b"]], [.init("bb")]).contains("did you mean `bb`?"))
    }
}
