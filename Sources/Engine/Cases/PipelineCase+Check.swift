internal import Foundation
internal import RollcallCore

extension PipelineCase {
    /// What is wrong with the rows that the case takes for the source's, as far as the sources declare their columns.
    func problems(with sources: SourceList) -> [Problem] {
        nameProblems(sources) + columnProblems(sources)
    }

    /// A row without the name of its source is one that no run reads.
    private func nameProblems(_ sources: SourceList) -> [Problem] {
        guard let column = sources.nameColumn else { return [] }
        let names = sources.members.map(\.name)
        return input.compactMap { row in
            let entry = row.entries.first { $0.name == column }
            let name = entry?.value.text
            if let name, names.contains(name) { return nil }
            let message =
                entry == nil
                ? "the row lacks \"\(column)\", the name of its source"
                : "\"\(column)\" is the name of no source"
            return Problem(
                message,
                hint: name.flatMap { suggestion(for: $0, among: names) } ?? "one of: \(names.joined(separator: ", "))",
                of: "test",
                at: entry?.location ?? row.entries.first?.location ?? location
            )
        }
    }

    private func columnProblems(_ sources: SourceList) -> [Problem] {
        let declared = sources.members.map(\.component.plugin.declaredSchema)
        guard declared.allSatisfy({ $0 != nil }) else { return [] }
        let names = [sources.nameColumn].compactMap(\.self) + declared.flatMap { $0?.names ?? [] }
        return input.flatMap(\.entries).compactMap { entry in
            guard names.contains(entry.name) else {
                let hint =
                    suggestion(for: entry.name, among: names) ?? "the source has: \(names.joined(separator: ", "))"
                let message = "the source has no column \"\(entry.name)\""
                return Problem(message, hint: hint, of: "test", at: entry.location)
            }
            guard let type = sources.knownType(of: entry.name), !entry.value.fits(type) else { return nil }
            return Problem(
                "\"\(entry.name)\" is \(type.rawValue), and this is none",
                hint: "a case has values as the source hands them over: \(type.canonicalForm)",
                of: "test",
                at: entry.location
            )
        }
    }
}

extension CaseValue {
    /// Whether a source could hand it over as a value of the type.
    fileprivate func fits(_ type: LogicalType) -> Bool {
        guard let text else { return true }
        let own = Self.type(ofPlain: text)
        return switch type {
        case .text: true
        case .decimal: [.decimal, .integer].contains(own) || ["NaN", "Infinity", "-Infinity"].contains(text)
        case .integer: own == .integer || text.wholeMatch(of: /[+-]?[0-9]+/) != nil
        case .json:
            (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
        case .boolean, .date, .timestamp: own == type
        }
    }
}

extension LogicalType {
    /// How every source writes values of the type.
    fileprivate var canonicalForm: String {
        switch self {
        case .text: "text"
        case .integer: "42"
        case .decimal: "10.50"
        case .boolean: "true or false"
        case .date: "2026-01-31"
        case .timestamp: "2026-01-31T08:30:00Z"
        case .json: "'{\"a\": 1}'"
        }
    }
}
