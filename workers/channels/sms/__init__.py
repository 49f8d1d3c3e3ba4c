"""SMS: Twilio and Vonage, one behind the other."""
