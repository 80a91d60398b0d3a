import Foundation
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallExpressions

/// Every example of `docs/expressions.md` gives what stands behind it.
@Suite struct DocumentationTests {
    private struct Page {
        var columns: [Schema.Column] = []
        var row: [String?] = []
        var examples: [(sql: String, result: String, line: Int)] = []

        init() throws {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../../docs/expressions.md"
            )
            var isInExample = false
            let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            for (number, line) in lines.enumerated() {
                if line.hasPrefix("```") {
                    isInExample = line == "```sql"
                } else if isInExample {
                    let parts = line.components(separatedBy: " -- ")
                    try #require(parts.count == 2, "line \(number + 1) has an expression, ` -- ` and the result")
                    examples.append((parts[0].trimmingCharacters(in: .whitespaces), parts[1], number + 1))
                } else if line.hasPrefix("| ") {
                    let cells = line.dropFirst(2).dropLast().components(separatedBy: "|").map {
                        $0.trimmingCharacters(in: .whitespaces)
                    }
                    guard let type = LogicalType(rawValue: cells[1]) else { continue }
                    columns.append(.init(cells[0], type))
                    row.append(cells[2] == "NULL" ? nil : cells[2])
                }
            }
        }
    }

    @Test func everyExampleGivesItsResult() throws {
        let page = try Page()
        #expect(page.columns.count == 15)
        #expect(page.examples.count > 90)
        let batch = try Batch.of(page.columns, [page.row])
        for (sql, result, line) in page.examples {
            let expression = Expression(
                Located(sql, at: SourceLocation(file: "expressions.md", line: line)),
                title: "the example"
            )
            let (kept, columns, faults) = try DerivedColumns([("x", expression)], batch.schema).evaluate(batch)
            if kept.rowCount == 1 {
                #expect(columns[0][0] ?? "NULL" == result, "line \(line): \(sql)")
            } else {
                #expect("invalid: \(faults[0].reason)" == result, "line \(line): \(sql)")
            }
        }
    }
}
