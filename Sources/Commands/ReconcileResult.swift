internal import RollcallCore
internal import RollcallEngine
internal import Synchronization

/// A comparison that was made, and what was decided on it.
struct Comparing: Sendable {
    let report: ReconcileReport
    let duration: Duration
    /// Whether it is to be mended.
    let repairs: Bool
    /// Whether it was shown, to ask about it.
    let wasShown: Bool

    init(_ report: ReconcileReport, _ duration: Duration, repairs: Bool = false, wasShown: Bool = false) {
        self.report = report
        self.duration = duration
        self.repairs = repairs
        self.wasShown = wasShown
    }
}

/// What was decided while the pipeline was held.
final class Decision: Sendable {
    private let state = Mutex((repairs: false, wasShown: false))

    var repairs: Bool { state.withLock(\.repairs) }
    var wasShown: Bool { state.withLock(\.wasShown) }

    func take(_ repairs: Bool) -> Bool {
        state.withLock { $0.repairs = repairs }
        return repairs
    }

    func noteShown() { state.withLock { $0.wasShown = true } }
}

// MARK: - For a person

extension Comparing {
    func text(_ pipeline: String) -> String {
        let verdict = report.isEqual ? Console.green("equal") : Console.red("different")
        let headline = """
            \(pipeline): \(verdict): compared \(report.contacts.counted("contact")) with \(report.read.counted("row")) in \
            \(duration.phrase)
            """
        return ([headline, counts.text] + (report.examples.isEmpty ? [] : ["", examples.text])).joined(separator: "\n")
    }

    private var counts: Table {
        var table = Table([("", .left), ("", .left), ("", .right), ("", .left)])
        for (name, count, note) in [
            ("matched", report.matched, ""),
            (
                "missing", report.missingCount,
                Self.notes([("gone from the list", report.missing[.list]), ("not delivered", report.missing[.source])])
            ),
            (
                "extra", report.extraCount,
                Self.notes([("known to the ledger", report.extraKnown), ("not known", report.extraUnknown)])
            ),
            (
                "different", report.differentCount,
                Self.notes([
                    ("changed on the list", report.different[.list]), ("changed in the CRM", report.different[.source]),
                    ("either", report.different[.unknown]),
                ])
            ),
            ("not callable", report.uncallable, "of all contacts on the list, whoever made them so"),
            ("departed", report.departed, report.departed == 0 ? "" : "their rows have left, and they stay on purpose"),
            ("filtered", report.filtered, ""),
            (
                "not comparable", report.notComparable,
                Self.notes([
                    ("invalid", report.invalid), ("rejected", report.rejected), ("duplicate", report.duplicate),
                ])
            ),
        ] {
            table.add(["", name, count.grouped, note])
        }
        for (name, count) in report.columns { table.add(["", "column \(name)", count.grouped, "differs"]) }
        return table
    }

    private static func notes(_ notes: [(String, Int?)]) -> String {
        notes.filter { ($0.1 ?? 0) > 0 }.map { "\(($0.1 ?? 0).grouped) \($0.0)" }.joined(separator: ", ")
    }

    private var examples: Table {
        var table = Table([("KIND", .left), ("CONTACT", .left), ("CAUSE", .left), ("COLUMNS", .left)])
        for example in report.examples {
            table.add([
                example.kind.rawValue, example.id, example.cause.rawValue,
                example.columns?.joined(separator: ", ") ?? "",
            ])
        }
        return table
    }
}

extension RepairPlan {
    func text(_ pipeline: Pipeline, _ strangers: Int) -> String {
        let fate =
            switch pipeline.removal {
            case nil: "\(kept.counted("contact")) without a row would stay: `on_missing` is `keep`"
            case .uncallable?: "\(removed.counted("contact")) to make uncallable"
            case .delete?: "\(removed.counted("contact")) to delete"
            }
        let note =
            strangers == 0
            ? ""
            : "; \(strangers.grouped) of those without a row were not put there by this pipeline: another one's, perhaps?"
        return "\nplan: \(sent.counted("contact")) to send, \(fate)\(note)"
    }
}

// MARK: - For a program

/// What `reconcile --json` prints.
struct ReconcileResult: Encodable {
    struct Missing: Encodable {
        let count: Int
        let list: Int
        let source: Int
    }

    struct Extra: Encodable {
        let count: Int
        let known: Int
        let unknown: Int
    }

    struct Different: Encodable {
        let count: Int
        let list: Int
        let source: Int
        let unknown: Int
        /// How often each column differs, of so many contacts.
        let columns: [String: Int]
        let columnsOf: Int
    }

    struct NotComparable: Encodable {
        let count: Int
        let invalid: Int
        let rejected: Int
        let duplicate: Int
    }

    struct Example: Encodable {
        let kind: String
        let id: String
        let cause: String
        let columns: [String]?
    }

    let pipeline: String
    let equal: Bool
    let seconds: Double
    let contacts: Int
    let uncallable: Int
    let rows: Int
    let filtered: Int
    let matched: Int
    let departed: Int
    let missing: Missing
    let extra: Extra
    let different: Different
    let notComparable: NotComparable
    let inDoubt: Int
    let ledgerDisagrees: Int
    let examples: [Example]
    let repair: RepairResult?

    init(_ pipeline: String, _ comparing: Comparing, repair: RepairResult?) {
        let report = comparing.report
        self.pipeline = pipeline
        equal = report.isEqual
        seconds = comparing.duration.milliseconds / 1000
        contacts = report.contacts
        uncallable = report.uncallable
        rows = report.read
        filtered = report.filtered
        matched = report.matched
        departed = report.departed
        missing = Missing(
            count: report.missingCount,
            list: report.missing[.list, default: 0],
            source: report.missing[.source, default: 0]
        )
        extra = Extra(count: report.extraCount, known: report.extraKnown, unknown: report.extraUnknown)
        different = Different(
            count: report.differentCount,
            list: report.different[.list, default: 0],
            source: report.different[.source, default: 0],
            unknown: report.different[.unknown, default: 0],
            columns: Dictionary(uniqueKeysWithValues: report.columns.map { ($0.name, $0.count) }),
            columnsOf: report.contactsWithColumns
        )
        notComparable = NotComparable(
            count: report.notComparable,
            invalid: report.invalid,
            rejected: report.rejected,
            duplicate: report.duplicate
        )
        inDoubt = report.inDoubt
        ledgerDisagrees = report.ledgerDisagrees
        examples = report.examples.map {
            Example(kind: $0.kind.rawValue, id: $0.id, cause: $0.cause.rawValue, columns: $0.columns)
        }
        self.repair = repair
    }
}

/// What `reconcile --repair --json` says of the repair.
final class RepairResult: Encodable {
    /// What a repair would do, or was to do.
    struct Plan: Encodable {
        let send: Int
        let remove: Int
        let keep: Int
    }

    let plan: Plan
    /// The run that mended; nil where it was only planned.
    var run: RunResult?
    /// The comparison behind it.
    var after: ReconcileResult?

    init(_ plan: RepairPlan) {
        self.plan = Plan(send: plan.sent, remove: plan.removed, keep: plan.kept)
    }
}
