internal import Glibc

private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

/// Runs `body` on a new thread, which ends with it.
func startThread(_ body: @escaping @Sendable () -> Void) throws {
    let context = unsafe Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let failure = unsafe pthread_create(
        &thread,
        nil,
        { context in
            blockBrokenPipeSignal()
            if let context = unsafe context {
                unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            }
            return nil
        },
        context.toOpaque()
    )
    guard failure == 0 else {
        unsafe context.release()
        throw HTTPError(
            setUp: .outOfMemory,
            message: "no thread for the transfers: \(unsafe String(cString: strerror(failure)))"
        )
    }
    pthread_detach(thread)
}

/// Keeps a write to a closed TLS connection from ending the process: libcurl leaves SIGPIPE alone under `CURLOPT_NOSIGNAL`,
/// which it needs beside other threads.
private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
}
