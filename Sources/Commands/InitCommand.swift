internal import ArgumentParser
internal import Foundation
internal import RollcallCore

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write an example pipeline file to edit."
    )

    @Argument(help: "The file to write; `-` is standard output.", completion: .file(extensions: ["yaml", "yml"]))
    var file = "pipelines/leads.yaml"

    func run() throws {
        let name = file == "-" ? "leads" : URL(filePath: file).deletingPathExtension().lastPathComponent
        let text = Self.example(name: name)
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
              1. Edit the table, the columns and the name of the list.
              2. Set CRM_DATABASE_URL, GENESYSCLOUD_REGION, GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET.
              3. rollcall validate \(file)
              4. rollcall preview \(file)
              5. rollcall run \(file)
            """
        )
    }

    /// Good for `validate` as it stands, once the variables are set.
    static func example(name: String) -> String {
        """
        name: \(name)
        description: Consenting leads from the CRM.

        source:
          type: postgres
          url: ${CRM_DATABASE_URL}
          table: crm.leads            # or `query: SELECT …`
          key: [id]                   # identifies a row
          cursor: updated_at          # left out, every run reads everything

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
          region: ${GENESYSCLOUD_REGION}
          client_id: ${GENESYSCLOUD_OAUTHCLIENT_ID}
          client_secret: ${GENESYSCLOUD_OAUTHCLIENT_SECRET}
          list: CRM leads             # found by its exact name, created if absent
          key: LeadId                 # becomes the contact's id
          phone_columns: { Phone: cell }

        on_missing: uncallable        # who is gone, or no longer passes the filter: keep, uncallable or delete
        sweep: { every: 24h }         # how often everything is compared, for what the cursor cannot show

        """
    }
}
