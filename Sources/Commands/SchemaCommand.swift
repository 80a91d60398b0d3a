internal import ArgumentParser
internal import RollcallEngine

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of pipeline files, for editors.",
        discussion: """
            Editors with the YAML language server check and complete pipeline files with it:
              rollcall schema > pipeline.schema.json
              # first line of a pipeline file:
              # yaml-language-server: $schema=pipeline.schema.json
            """
    )

    func run() throws {
        print(try JSONOutput.text(JSONSchema.pipeline(.known)))
    }
}
