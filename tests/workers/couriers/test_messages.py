"""Messages from the fact to the mailbox: once, only to who agreed, and never silently lost."""

from tests.workers.couriers.message_stage import MAIL, MessageStage


async def test_a_stamp_arrives_once_in_the_mailbox(post: MessageStage) -> None:
    """Whoever agreed gets one mail per stamp, without a fault, however often facts are relayed."""
    card = await post.customer()
    await post.stamp(card)

    await post.run()
    await post.run()

    (letter,) = post.letters
    assert letter.recipient == MAIL
    assert letter.faults == ()
    assert "1 of 10" in letter.subject
    assert await post.messages() == [("stamp", "mail", "sent", None)]
