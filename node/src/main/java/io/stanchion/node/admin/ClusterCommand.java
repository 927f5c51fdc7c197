package io.stanchion.node.admin;

import io.stanchion.node.peer.OperatorCalls;
import io.stanchion.node.peer.PeerAddress;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.Replacement;
import io.stanchion.proto.peer.StatusReply;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
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

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--peer",
            required = true,
            split = ",",
            paramLabel = "HOST:PORT",
            description =
                    "The peer port of any node that runs, as in \"peers\" of its configuration; of several, the first that answers.")
    private List<String> peers = List.of();

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
            if (seen.getWaiting()) {
                return "node " + seen.getNodeId() + " itself is not one of them: " + seen.getUnfitReason();
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
            StatusReply seen = ask();
            ChangeRequest request = change.setClusterId(seen.getClusterId()).build();
            return new ChangeCall(request, addresses(), seen).make();
        });
    }

    /** The first that answers. */
    private StatusReply ask() throws IOException {
        IOException failure = new IOException("no node was named");
        for (PeerAddress address : addresses()) {
            try {
                return OperatorCalls.firstStatus(address.host(), address.port());
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private List<PeerAddress> addresses() {
        return peers.stream().map(this::address).toList();
    }

    private PeerAddress address(String peer) {
        int colon = peer.lastIndexOf(':');
        try {
            if (colon > 0) {
                int port = Integer.parseInt(peer.substring(colon + 1));
                return new PeerAddress("", peer.substring(0, colon).replaceAll("^\\[|]$", ""), port);
            }
        } catch (NumberFormatException e) {
            throw noAddress(peer);
        }
        throw noAddress(peer);
    }

    private ParameterException noAddress(String peer) {
        return usage("\"" + peer + "\" is no address; write host:port");
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
