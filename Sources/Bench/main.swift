import CSVSource
import JSONSource
import RollcallCore
import RollcallTestSupport

let arguments = CommandLine.arguments
let place = SourceLocation(file: "x", line: 1)
let columns: [ConfigurationNode] = arguments[2].split(separator: ",").map { .scalar(String($0), isQuoted: true, place) }
let isCSV = arguments.count > 3 && arguments[3] == "csv"
var entries: [ConfigurationNode.Entry] = [
    .init(key: "path", location: place, value: .scalar(arguments[1], isQuoted: true, place)),
    .init(key: "key", location: place, value: .sequence([columns[0]], place)),
    .init(key: "columns", location: place, value: isCSV ? .sequence(columns, place) : .mapping(columns.map { node in
        guard case .scalar(let text, _, _) = node else { fatalError() }
        let name = text.split(separator: ".").last.map(String.init) ?? text
        return .init(key: name, location: place, value: ["from": node])
    }, place)),
]
if arguments.count > 3, arguments[3].hasPrefix("/") { entries.append(.init(key: "records_at", location: place, value: .scalar(arguments[3], isQuoted: true, place))) }
let node = ConfigurationNode.mapping(entries, place)
let source: any Source = isCSV ? try CSVSource(try CSVSource.spec.settings(from: node)) : try JSONSource(try JSONSource.spec.settings(from: node))
let clock = ContinuousClock()
for _ in 0..<3 {
    var rows = 0, bad = 0
    let start = clock.now
    let reader = try await source.open(after: nil) { Set($0.names) }
    while let batch = try await reader.next(atMost: 5_000) { rows += batch.rowCount; bad += batch.unreadable.count }
    await reader.close()
    print(rows, bad, clock.now - start)
}
