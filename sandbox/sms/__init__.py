"""Text messages: the APIs of Twilio and Vonage, and the phones' side of them."""
