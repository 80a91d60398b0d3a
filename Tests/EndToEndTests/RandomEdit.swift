import RollcallTestSupport
import Testing

/// A contact in the examples of `reconcile --json`.
struct Finding: Hashable {
    let kind: String
    let id: String
    var columns: Set<String> = []
}

/// A change of one contact, and what it must be found as.
struct RandomEdit {
    enum Kind: CaseIterable {
        case set
        case delete
        case add
        case callable
    }

    let kind: Kind
    let id: String
    let columns: [String]
    let secret: String

    var json: String {
        let data = columns.map { "\"\($0)\":\"\(secret)\"" }.joined(separator: ",")
        return switch kind {
        case .set: #"{"edit":"set","id":"\#(id)","data":{\#(data)}}"#
        case .delete: #"{"edit":"delete","id":"\#(id)"}"#
        case .add: #"{"edit":"add","id":"\#(id)","data":{\#(data)}}"#
        case .callable: #"{"edit":"callable","id":"\#(id)","callable":false}"#
        }
    }

    /// Nil where it is no difference.
    var finding: Finding? {
        switch kind {
        case .set: Finding(kind: "different", id: id, columns: Set(columns))
        case .delete: Finding(kind: "missing", id: id)
        case .add: Finding(kind: "extra", id: id)
        case .callable: nil
        }
    }
}

extension Program.Output {
    func findings() throws -> Set<Finding> {
        let examples = try #require(try json()["examples"] as? [[String: Any]])
        return Set(
            try examples.map { example in
                Finding(
                    kind: try #require(example["kind"] as? String),
                    id: try #require(example["id"] as? String),
                    columns: Set(example["columns"] as? [String] ?? [])
                )
            }
        )
    }
}

extension Workbench {
    /// As many changes of different contacts.
    func randomEdits(_ count: Int, _ random: inout SeededGenerator) async throws -> [RandomEdit] {
        let ids = try await contacts().compactMap { $0["id"] as? String }.sorted().shuffled(using: &random)
        try #require(ids.count >= count)
        return try (0..<count).map { number in
            let kind = try #require(RandomEdit.Kind.allCases.randomElement(using: &random))
            let columns = ["FullName", "Company", "Phone", "Email", "Country", "Score"].shuffled(using: &random)
            return RandomEdit(
                kind: kind,
                id: kind == .add ? "stranger-\(number)" : ids[number],
                columns: Array(columns.prefix(Int.random(in: 1...3, using: &random))),
                secret: "geheim-\(number)-\(UInt32.random(in: 0...UInt32.max, using: &random))"
            )
        }
    }
}
