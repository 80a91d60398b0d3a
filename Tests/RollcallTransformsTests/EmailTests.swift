import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct EmailTests {
    private func checked(_ value: String, _ settings: ConfigurationNode = ["columns": ["a"]]) throws -> String? {
        try rewritten(Email.self, settings, [value]).first ?? "invalid"
    }

    @Test(arguments: [
        ("ada@example.com", "ada@example.com"), (" Ada.L@EXAMPLE.Com\u{A0}", "Ada.L@example.com"),
        ("a@b.co", "a@b.co"), ("o'neill+crm@mail.example.org", "o'neill+crm@mail.example.org"),
        ("x@1.example", "x@1.example"), ("x@example.xn--p1ai", "x@example.xn--p1ai"),
        ("info@bücher.example", "info@xn--bcher-kva.example"), ("info@BÜCHER.example", "info@xn--bcher-kva.example"),
        ("info@bu\u{308}cher.example", "info@xn--bcher-kva.example"), ("x@ελλάδα.gr", "x@xn--hxakic4aa.gr"),
        ("x@例え。テスト", "x@xn--r8jz45g.xn--zckzah"), ("x@straße.de", "x@xn--strae-oqa.de"),
        ("!#$%&'*+-/=?^_`{|}~@a.bc", "!#$%&'*+-/=?^_`{|}~@a.bc"),
    ])
    func anAddressIsWrittenInOneForm(_ value: String, _ expected: String) throws {
        #expect(try checked(value) == expected)
    }

    @Test(arguments: [
        "ada", "@example.com", "ada@", "ada@example", "a b@example.com", "ada@@example.com", ".ada@example.com",
        "ada.@example.com", "a..b@example.com", "ada@.com", "ada@example.", "ada@exa..mple.com", "ada@-x.com",
        "ada@x-.com", "ada@exa_mple.com", "ada@[10.0.0.1]", "ada@10.0.0.1", "Ada <ada@example.com>",
        "ada@example.com, bob@example.com", "\"ada\"@example.com", "άδα@example.com", "ada@exam\u{200B}ple.com",
        "ada@\u{301}x.gr", "ada@♥.example", "a@b@c.de", "ada@example.com\n.org", "mailto:ada@example.com,",
    ])
    func whatIsNoAddressIsRefused(_ value: String) throws {
        let result = try transformed(Email.self, ["columns": ["a"]], [.init("a")], [[value]])
        #expect(result.invalid.map(\.code) == ["email_invalid"], "\(value)")
        #expect(result.invalid.allSatisfy { $0.reason.hasPrefix("\"a\" is no e-mail address: it ") })
        #expect(result.invalid.allSatisfy { !$0.reason.contains("ada") })
    }

    @Test func lengthsAreThoseOfTheStandard() throws {
        let label = String(repeating: "d", count: 63)
        let local = String(repeating: "l", count: 64)
        #expect(try checked("\(local)@\(label).de") == "\(local)@\(label).de")
        #expect(try checked("l\(local)@\(label).de") == "invalid")
        #expect(try checked("l@d\(label).de") == "invalid")
        let domain = "\(label).\(label).\(label)"
        #expect(try checked("\(String(repeating: "l", count: 59))@\(domain).de") != "invalid")
        #expect(try checked("\(String(repeating: "l", count: 60))@\(domain).de") == "invalid")
    }

    @Test func nullStaysNullAndBlankBecomesIt() throws {
        #expect(try rewritten(Email.self, ["columns": ["a"]], [nil, "", " \t"]) == [nil, nil, nil])
    }

    @Test func theLocalPartKeepsItsCaseUnlessAsked() throws {
        #expect(try checked("Ada@X.org", ["columns": ["a"], "lowercase_local": true]) == "ada@x.org")
    }

    @Test func quotedLocalPartsCanBeAllowed() throws {
        let settings: ConfigurationNode = ["columns": ["a"], "allow_quoted": true]
        #expect(try checked("\"a b@\\\"c\"@X.org", settings) == "\"a b@\\\"c\"@x.org")
        for value in ["\"a@x.org", "\"a\"b\"@x.org", "\"a\\\"@x.org", "\"ä\"@x.org", "\"@x.org"] {
            #expect(try checked(value, settings) == "invalid", "\(value)")
        }
    }

    @Test func anInvalidAddressCanBecomeNullOrStay() throws {
        #expect(
            try rewritten(Email.self, ["columns": ["a"], "on_invalid": "null"], ["x", "a@b.de"]) == [nil, "a@b.de"]
        )
        #expect(try rewritten(Email.self, ["columns": ["a"], "on_invalid": "keep"], [" x "]) == [" x "])
    }

    @Test func valuesThatBecameNullAreCountedByTheirColumns() throws {
        let settings: ConfigurationNode = ["columns": ["a", "b"], "on_invalid": "null"]
        let rows: [[String?]] = [["x", "a@b.de"], ["y", "z"], [nil, ""]]
        #expect(try transformed(Email.self, settings, [.init("a"), .init("b")], rows).nulled == ["a": 2, "b": 1])
        let refusing: ConfigurationNode = ["columns": ["a", "b"]]
        #expect(try transformed(Email.self, refusing, [.init("a"), .init("b")], rows).nulled == [:])
    }
}
