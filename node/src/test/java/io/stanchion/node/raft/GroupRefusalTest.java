package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.junit.jupiter.api.Test;

/** What an operator is told when Ratis refuses a change. */
class GroupRefusalTest {
    @Test
    void shouldSendAnOperatorToTheNextLeaderWhenThisOneCeasesToLead() {
        assertThat(Group.refused(new NotLeaderException(null, null, null)))
                .isInstanceOf(Group.NotLeaderException.class);
        assertThat(Group.refused(new LeaderSteppingDownException("stepping down")))
                .isInstanceOf(Group.NotLeaderException.class);
    }

    @Test
    void shouldSayThatAnotherChangeIsUnderWay() {
        assertThat(Group.refused(new ReconfigurationInProgressException("conf: {peers:[...]}")))
                .hasMessageContaining("a change of the members is under way")
                .hasMessageNotContaining("conf:");
        assertThat(Group.refused(new TransferLeadershipException(
                        "a@group refused to transfer leadership to peer b when raft reconfiguration in progress.")))
                .hasMessageContaining("leadership cannot be handed over");
    }

    @Test
    void shouldSayWhatToDoAboutANodeThatDoesNotCatchUpAndAboutAGroupThatIsAnother() {
        assertThat(Group.refused(new ReconfigurationTimeoutException("fail")))
                .hasMessageContaining("does not catch up, and nothing was changed");
        assertThat(Group.refused(new SetConfigurationException("current configuration is different")))
                .hasMessageContaining("somebody else has just changed the members");
    }
}
