import RollcallCore
import RollcallTestSupport
import Testing

@Suite struct SettingsTests {
    private enum Setting {
        static let path = Field<String>("path", example: "a.csv", doc: "File to read.")
        static let rows = Field<Int>("rows", default: 10, doc: "Rows.") { $0 > 0 ? nil : "must be above 0" }
        static let password = Field<Secret?>("password", environment: "PASSWORD", doc: "Password.")
        static let columns = Field<NamedValues<String>?>("columns", doc: "Columns.")
    }

    private let spec = ComponentSpec(
        .source,
        "sample",
        summary: "A sample.",
        fields: [Setting.path.spec, Setting.rows.spec, Setting.password.spec, Setting.columns.spec],
        example: ""
    )

    private func problems(_ node: ConfigurationNode) -> [String] {
        do {
            _ = try spec.settings(from: node)
            return []
        } catch let error as RollcallError {
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func valuesAndDefaultsAreReadByTheFieldsThatDeclareThem() throws {
        let settings = try spec.settings(from: ["type": "sample", "path": "leads.csv"])
        #expect(try settings[Setting.path] == "leads.csv")
        #expect(try settings[Setting.rows] == 10)
        #expect(try settings[Setting.password] == nil)
    }

    @Test func aNameThatSoundsAlikeIsSuggested() {
        #expect(suggestion(for: "fone", among: ["filter", "phone"]) == "did you mean `phone`?")
        #expect(suggestion(for: "x", among: ["filter", "phone"]) == nil)
    }

    @Test func anEnvironmentVariableStandsInForAKeyThatIsNotWritten() throws {
        let settings = try spec.settings(from: ["path": "x"], environment: ["PASSWORD": "hush"])
        #expect(try settings[Setting.password]?.reveal() == "hush")
    }

    @Test func namedValuesKeepTheOrderOfTheFile() throws {
        let settings = try spec.settings(from: ["path": "x", "columns": ["z": "1", "a": "2"]])
        #expect(try settings[Setting.columns]?.entries.map(\.name) == ["z", "a"])
    }

    @Test func everyFaultIsToldAtOnce() {
        let told = problems(["pth": "x", "rows": "many", "columns": ["a"]])
        #expect(
            told == [
                "test.yaml:1: source sample: unknown setting `pth`\n  hint: did you mean `path`?",
                "test.yaml:1: source sample: `rows` must be a whole number, got \"many\"",
                "test.yaml:1: source sample: `columns` must be a mapping of names to text, got a list",
                "test.yaml:1: source sample: `path` is missing\n  hint: add `path: a.csv` (text)",
            ]
        )
    }

    @Test func aRuleBeyondTheTypeIsTold() {
        #expect(problems(["path": "x", "rows": 0]) == ["test.yaml:1: source sample: `rows` must be above 0"])
    }

    @Test func aSecretIsNeverShown() {
        let secret = Secret("hush")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("hush"))
        #expect(problems(["path": "x", "password": ["hush"]]).allSatisfy { !$0.contains("hush") })
    }

    @Test(arguments: [("curser", "cursor"), ("ky", "key"), ("Table", "table"), ("quary", "query")])
    func aNearMissIsSuggested(_ written: String, _ meant: String) {
        #expect(suggestion(for: written, among: ["cursor", "key", "table", "query"]) == "did you mean `\(meant)`?")
    }

    @Test func nothingIsSuggestedForWhatIsFarOff() {
        #expect(suggestion(for: "zebra", among: ["cursor", "key"]) == nil)
    }
}
