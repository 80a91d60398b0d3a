internal import Foundation

/// A program that is run to its end.
///
/// Not by Foundation's `Process`, which takes a program for running as long as a daemon that it started holds a socket open.
struct Command {
    let executable: String
    let arguments: [String]

    struct Result {
        /// The exit status, or 128 plus the number of the signal that ended the program, as in a shell.
        let status: Int32
        /// What it wrote to stdout and stderr.
        let output: String
        var succeeded: Bool { status == 0 }
    }

    /// Runs the program in `folder` and blocks until it has ended; keep it off the shared threads.
    ///
    /// The program inherits no open file of this process, no ignored signal, and no variable meant for Postgres clients. It is in
    /// a process group of its own, out of reach of Control-C. Its output goes through a file and not through a pipe, which a
    /// daemon left behind would hold open.
    func run(in folder: String, input: String = "") throws -> Result {
        let output = try Self.scratchFile()
        let stdin = try Self.scratchFile()
        try stdin.write(contentsOf: Data(input.utf8))
        try stdin.seek(toOffset: 0)

        let process = try spawn(in: folder, stdin: stdin.fileDescriptor, output: output.fileDescriptor)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw failure(errno) }
        }
        try output.seek(toOffset: 0)
        let text = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
        // As the macros WIFEXITED, WEXITSTATUS and WTERMSIG have it.
        let signal = status & 0x7f
        return Result(status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: text)
    }

    private func spawn(in folder: String, stdin: Int32, output: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, stdin, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        for descriptor in Self.inheritedDescriptors() {
            unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        environment["LC_ALL"] = "C"
        var process = pid_t()
        // The shell changes the folder, which `posix_spawn` as Swift sees it cannot.
        let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder, executable] + arguments
        let error = unsafe Self.withArguments(shell) { shell in
            unsafe Self.withArguments(environment.map { "\($0.key)=\($0.value)" }) { environment in
                unsafe posix_spawn(&process, "/bin/sh", &actions, &attributes, shell, environment)
            }
        }
        guard error == 0 else { throw failure(error) }
        return process
    }

    private func failure(_ code: Int32) -> CheckpointError {
        CheckpointError("\(executable) cannot be run: \(systemErrorMessage(code))")
    }

    /// Files that were opened without "close on exec", by whoever started this process or by another library.
    private static func inheritedDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.filter { descriptor in
            let flags = fcntl(descriptor, F_GETFD)
            return descriptor > 2 && flags >= 0 && flags & FD_CLOEXEC == 0
        }
    }

    private static func withArguments<Value>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe copies.append(nil)
        defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
        return unsafe body(copies)
    }

    /// A file without a name, which is gone when closed.
    private static func scratchFile() throws -> FileHandle {
        let path = "/tmp/rollcall-\(UUID().uuidString)"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CheckpointError("no temporary file can be made in /tmp: \(systemErrorMessage(errno))")
        }
        unsafe unlink(path)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

func systemErrorMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
