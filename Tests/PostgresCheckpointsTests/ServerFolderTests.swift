import Foundation
import Testing

@testable import PostgresCheckpoints

struct ServerFolderTests {
    @Test(arguments: [
        (["XDG_STATE_HOME": "/state", "HOME": "/home/eleni"], false, "/state/rollcall"),
        (["XDG_STATE_HOME": "relative", "HOME": "/home/eleni"], false, "/home/eleni/.local/state/rollcall"),
        (["HOME": "/home/eleni"], false, "/home/eleni/.local/state/rollcall"),
        (["XDG_STATE_HOME": "/state", "HOME": "/root"], true, "/var/lib/rollcall"),
    ])
    func theStandardFolderFollowsXDG(environment: [String: String], isRoot: Bool, path: String) {
        #expect(ServerFolder.standardPath(environment: environment, isRoot: isRoot) == path)
    }

    @Test func aFolderThatOthersCouldEnterIsClosedToThem() throws {
        let path = "/tmp/rollcall-test-\(getpid())-open"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        unsafe chmod(path, 0o755)
        _ = try ServerFolder(path: path, account: ServerAccount.forThisProcess())
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o700)
    }
}
