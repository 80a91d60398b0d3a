internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Explain a component of pipeline files, or list them all.",
        discussion:
            "`rollcall describe pipeline` explains the file itself, `rollcall describe postgres` the source of that type."
    )

    @Argument(help: "A component's type, or `pipeline`.")
    var component: String?

    @Flag(help: "Print a page of Markdown, as in docs/reference.")
    var markdown = false

    func run() throws {
        let pages = Plugins.known.specs.map(ReferencePage.init) + [.pipeline]
        guard let component else {
            return print(markdown ? ReferencePage.markdownIndex(pages) : ReferencePage.index(pages))
        }
        let wanted = pages.filter { $0.name == component }
        guard !wanted.isEmpty else {
            let hint =
                suggestion(for: component, among: pages.map(\.name)) ?? "see the list with `rollcall describe`"
            throw ValidationError("there is no component \"\(component)\"\n  hint: \(hint)")
        }
        print(wanted.map { markdown ? $0.markdown : $0.text }.joined(separator: "\n\n"))
    }
}
