internal import ArgumentParser
internal import Foundation
internal import RollcallCore

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write an example pipeline file to edit."
    )

    /// Where the rows of an example come from.
    enum SourceKind: String, CaseIterable, ExpressibleByArgument {
        case postgres
        case csv
        case json
    }

    @Option(help: "Where the rows come from: postgres, csv or json.")
    var source = SourceKind.postgres

    @Argument(help: "The file to write; `-` is standard output.", completion: .file(extensions: ["yaml", "yml"]))
    var file = "pipelines/leads.yaml"

    func run() throws {
        let name = file == "-" ? "leads" : URL(filePath: file).deletingPathExtension().lastPathComponent
        let text = Self.example(name: name, source)
        guard file != "-" else { return print(text, terminator: "") }
        let folder = URL(filePath: file).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            throw RollcallError(
                .configuration,
                "\(file) exists and was left as it is",
                hint: "choose another name: `rollcall init NAME.yaml`"
            )
        } catch {
            throw RollcallError(.fatal, "\(file) could not be written: \(error.localizedDescription)", cause: error)
        }
        print(
            """
            wrote \(file)

            Next:
              1. Edit the \(source.rows), the columns and the name of the list.
              2. Set \(source == .postgres ? "CRM_DATABASE_URL, " : "")GENESYSCLOUD_REGION, GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET.
              3. rollcall validate \(file)
              4. rollcall preview \(file)
              5. rollcall run \(file)
            """
        )
    }

    /// Good for `validate` as it stands, once the variables are set.
    static func example(name: String, _ source: SourceKind = .postgres) -> String {
        """
        name: \(name)
        description: Consenting leads from the CRM.

        source:
        \(source.settings)

        transforms:
          - type: filter
            where: consent AND status <> 'closed'
          - type: derive
            columns:
              full_name: trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))
          - type: select              # what the contact list gets: NewName: old_name
            columns: { LeadId: id, FullName: full_name, Phone: phone, Email: email }

        sink:
          type: genesys_contact_list
          region: ${GENESYSCLOUD_REGION:-eu-west-1}
          client_id: ${GENESYSCLOUD_OAUTHCLIENT_ID}
          client_secret: ${GENESYSCLOUD_OAUTHCLIENT_SECRET}
          list: CRM leads             # found by its exact name, created if absent
          key: LeadId                 # becomes the contact's id
          phone_columns: { Phone: cell }

        on_missing: uncallable        # who is gone, or no longer passes the filter: keep, uncallable or delete
        \(source.sweep)
        """
    }
}

extension InitCommand.SourceKind {
    /// What a person looks for the rows in.
    fileprivate var rows: String { self == .postgres ? "table" : "path of the files" }

    /// Every run reads all of the files, and so is a sweep.
    fileprivate var sweep: String {
        guard self == .postgres else { return "" }
        return "sweep: { every: 24h }         # how often everything is compared, for what the cursor cannot show\n"
    }

    /// The source of the example, within the mapping `source`.
    fileprivate var settings: String {
        switch self {
        case .postgres:
            """
              type: postgres
              url: ${CRM_DATABASE_URL}
              table: crm.leads            # or `query: SELECT …`
              key: [id]                   # identifies a row
              cursor: updated_at          # left out, every run reads everything
            """
        case .csv:
            """
              type: csv
              path: leads-*.csv           # from the folder of this file; gzip and zstd by their endings, or `-` for standard input
              key: [id]                   # identifies a row
              columns:                    # as in the header; typed, renamed with `from`, filled with `default`
                id: integer
                first_name: text
                last_name: text
                phone: text
                email: { from: E-mail, default: "" }
                status: text
                consent: boolean
            """
        case .json:
            """
              type: json
              path: leads-*.ndjson        # from the folder of this file: an object on each line, or one array
              key: [id]                   # identifies a row
              columns:                    # by name, or by path with `from`; typed, filled with `default`
                id: integer
                first_name: { from: name.first }
                last_name: { from: name.last }
                phone: { from: /phones/0/number }
                email: { type: text, default: "" }
                status: text
                consent: boolean
            """
        }
    }
}
