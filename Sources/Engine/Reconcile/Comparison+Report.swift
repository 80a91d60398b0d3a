internal import RollcallCore
internal import RollcallLedger

extension Comparison.State {
    /// What was found out, where contacts whose rows have left are dealt with by `removal`; with so many examples of each kind.
    func report(_ removal: Removal?, columnNames names: [String], examples limit: Int) -> ReconcileReport {
        var report = ReconcileReport()
        report.read = rows.read
        report.filtered = rows.filtered
        report.invalid = rows.invalid
        report.unidentified = rows.unidentified
        report.duplicate = rows.duplicate
        for place in roll.places {
            if roll.digest(place) != nil {
                report.contacts += 1
                if roll.isCallable(place) == false { report.uncallable += 1 }
            }
            count(place, removal, &report)
            if let example = example(place, removal, names),
                report.examples.count(where: { $0.kind == example.kind }) < limit
            {
                report.examples.append(example)
            }
        }
        let kinds = ReconcileReport.Example.Kind.allCases
        report.examples = kinds.flatMap { kind in report.examples.filter { $0.kind == kind } }
        let counts = columns.values.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
        report.columns = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (names[$0.key], $0.value) }
        report.contactsWithColumns = columns.count
        return report
    }

    private func count(_ place: Int, _ removal: Removal?, _ report: inout ReconcileReport) {
        let finding = roll.finding(place)
        if finding.isDifference {
            report.plan.sent += 1
            if isInDoubt(place) { report.inDoubt += 1 }
        }
        switch finding {
        case .matched: report.matched += 1
        case .rejected: report.rejected += 1
        case .lost, .undelivered: report.missing[finding.cause, default: 0] += 1
        case .changedThere, .changedInSource, .changed: report.different[finding.cause, default: 0] += 1
        case .unclaimed where isDeparted(place, removal): report.departed += 1
        case .unclaimed:
            if isKnown(place) { report.extraKnown += 1 } else { report.extraUnknown += 1 }
            if removal == nil || rows.unidentified > 0 || !canKeep(place) {
                report.plan.kept += 1
            } else {
                report.plan.removed += 1
            }
        case .invalid, .gone: break
        }
    }

    private func example(_ place: Int, _ removal: Removal?, _ names: [String]) -> ReconcileReport.Example? {
        let finding = roll.finding(place)
        let id = roll.id(place)
        switch finding {
        case .lost, .undelivered:
            return .init(kind: .missing, id: id, cause: finding.cause, columns: nil)
        case .changedThere, .changedInSource, .changed:
            let columns = columns[place].map { $0.map { names[$0] } }
            return .init(kind: .different, id: id, cause: finding.cause, columns: columns)
        case .unclaimed where !isDeparted(place, removal):
            return .init(kind: .extra, id: id, cause: causeOfExtra(place), columns: nil)
        case .unclaimed, .matched, .rejected, .invalid, .gone: return nil
        }
    }

    /// Places of contacts that no row makes and that should not be there.
    func extras(_ removal: Removal?) -> [Int] {
        roll.places.filter { roll.finding($0) == .unclaimed && !isDeparted($0, removal) }
    }

    private func entry(_ place: Int) -> Int? {
        roll.withID(of: place) { ledger.place(of: $0) }
    }

    /// Whether the contact stays on purpose although its row has left.
    func isDeparted(_ place: Int, _ removal: Removal?) -> Bool {
        switch entry(place).map(ledger.state) {
        // Somebody may have made it callable again.
        case .silenced, .parted: roll.isCallable(place) != true || removal == nil
        case .leaving, .deleting, .deletingSilenced, .silencing: removal == nil
        case .current, .returning, .removed, nil: false
        }
    }

    private func causeOfExtra(_ place: Int) -> ReconcileReport.Cause {
        switch entry(place).map(ledger.state) {
        case .current, .leaving, .deleting, .deletingSilenced, .silencing, .returning: .source
        case .silenced, .parted, .removed, nil: .list
        }
    }

    private func isKnown(_ place: Int) -> Bool {
        entry(place).map { ledger.state($0) != .removed } ?? false
    }

    private func isInDoubt(_ place: Int) -> Bool {
        entry(place).map { ledger.state($0) != .removed && ledger.digest($0) == nil } ?? false
    }
}

extension Roll.Finding {
    /// Who is behind a difference.
    fileprivate var cause: ReconcileReport.Cause {
        switch self {
        case .lost, .changedThere: .list
        case .undelivered, .changedInSource: .source
        case .changed, .unclaimed, .matched, .rejected, .invalid, .gone: .unknown
        }
    }
}
