package io.stanchion.node.admin;

import io.stanchion.node.peer.OperatorCalls;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.Replacement;
import io.stanchion.proto.peer.StatusReply;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stanchion cluster}: looks at a running cluster and changes it. Any node can be asked; it names the leader. */
@Command(
        name = "cluster",
        description = "Shows and changes the members of a running cluster.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ClusterCommand {
    static final int STATUS_REFUSED = 1;
    private static final long LEADERLESS_MILLIS_MAX = 10_000;
    private static final long RETRY_MILLIS = 200;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--peer",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The peer port of any node that runs, as in \"peers\" of its configuration.")
    private String peer = "";

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ClusterCommand()).execute(arguments));
    }

    @Command(
            description = "The members, as that node sees them, and how each of them is.",
            mixinStandardHelpOptions = true)
    int status() {
        return answer(() -> {
            StatusReply seen = ask();
            PrintWriter out = out();
            out.printf("members of %s, as node %s sees them%n", seen.getClusterId(), seen.getNodeId());
            out.printf(
                    "%-12s %-28s %-10s %12s %12s  %s%n", "node", "peer port", "role", "applied", "equal at", "state");
            for (Member member : seen.getMembersList()) {
                print(member);
            }
            if (seen.getMembersCount() == 0) {
                return "there is no cluster yet: " + seen.getUnfitReason();
            }
            return seen.getDisagreement().isEmpty() ? "" : "the replicas are not equal: " + seen.getDisagreement();
        });
    }

    private void print(Member member) {
        String address = member.getHost() + ":" + member.getPeerPort();
        try {
            StatusReply own = OperatorCalls.status(member.getHost(), member.getPeerPort());
            String state = own.getUnfitReason().isEmpty() ? "ready" : own.getUnfitReason();
            out().printf(
                            "%-12s %-28s %-10s %12d %12s  %s%n",
                            member.getNodeId(), address, own.getRole(), own.getAppliedIndex(), equalAt(own), state);
        } catch (IOException e) {
            out().printf(
                            "%-12s %-28s %-10s %12s %12s  %s%n",
                            member.getNodeId(), address, "-", "-", "-", "cannot be reached");
        }
    }

    /** The log index at which its replica was last what a majority has. */
    private static String equalAt(StatusReply own) {
        return own.getEqualIndex() == 0 ? "-" : Long.toString(own.getEqualIndex());
    }

    @Command(
            description = {
                "Adds a node that was started with an empty data directory and waits.",
                "Returns when the node has caught up and counts."
            },
            mixinStandardHelpOptions = true)
    int add(@Parameters(paramLabel = "NAME=HOST:PORT", description = "As in \"peers\".") String node) {
        return change(ChangeRequest.newBuilder().setAdd(member(node)));
    }

    @Command(
            description = "Removes a member for good. Refused if the others would be without a majority.",
            mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "NAME") String node) {
        return change(ChangeRequest.newBuilder().setRemove(node));
    }

    @Command(
            description = "Puts a node that waits in the place of a member, dead or alive, in one step.",
            mixinStandardHelpOptions = true)
    int replace(
            @Parameters(paramLabel = "OLD") String old,
            @Parameters(paramLabel = "NAME=HOST:PORT", description = "As in \"peers\".") String node) {
        Replacement replacement =
                Replacement.newBuilder().setOld(old).setBy(member(node)).build();
        return change(ChangeRequest.newBuilder().setReplace(replacement));
    }

    @Command(
            description =
                    "Gives the leadership to another member; to the one that has most of the log if none is named.",
            mixinStandardHelpOptions = true)
    int transfer(@Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "") String node) {
        return change(ChangeRequest.newBuilder().setTransfer(node));
    }

    private Member member(String text) {
        return GroupMember.parse(text)
                .orElseThrow(
                        () -> usage("\"" + text + "\" is no node; write name=host:port, or name=host:port:raftport"))
                .toProto();
    }

    private ParameterException usage(String problem) {
        return new ParameterException(commandLine(), problem);
    }

    /** What a command has to say when it went well. */
    private interface Work {
        String done() throws IOException, InterruptedException;
    }

    private int answer(Work work) {
        try {
            String done = work.done();
            if (!done.isEmpty()) {
                out().println(done);
            }
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            commandLine().getErr().println(e.getMessage());
            return STATUS_REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return STATUS_REFUSED;
        }
    }

    private int change(ChangeRequest.Builder change) {
        return answer(() -> {
            ChangeRequest request = change.setClusterId(ask().getClusterId()).build();
            ChangeReply reply = askLeader(request);
            if (!reply.getError().isEmpty()) {
                throw new IOException(reply.getError());
            }
            return reply.getDone();
        });
    }

    private StatusReply ask() throws IOException {
        return OperatorCalls.status(host(), port());
    }

    /** Goes where it is sent; while there is no leader it waits a little. */
    private ChangeReply askLeader(ChangeRequest request) throws IOException, InterruptedException {
        String host = host();
        int port = port();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEADERLESS_MILLIS_MAX);
        while (true) {
            ChangeReply reply = OperatorCalls.change(host, port, request);
            if (!reply.getNotLeader()) {
                return reply;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("the cluster has no leader now; nothing was changed");
            }
            Member leader = reply.getLeader();
            if (leader.getPeerPort() > 0) {
                host = leader.getHost();
                port = leader.getPeerPort();
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    private String host() {
        return peer.substring(0, colon()).replaceAll("^\\[|]$", "");
    }

    private int port() {
        try {
            return Integer.parseInt(peer.substring(colon() + 1));
        } catch (NumberFormatException e) {
            throw usage("\"" + peer + "\" is no address; write host:port");
        }
    }

    private int colon() {
        int colon = peer.lastIndexOf(':');
        if (colon < 1) {
            throw usage("\"" + peer + "\" is no address; write host:port");
        }
        return colon;
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
