"""Messages, written in the transaction of their cause and sent afterwards by a job."""
