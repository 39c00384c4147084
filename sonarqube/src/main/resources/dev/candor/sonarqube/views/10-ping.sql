-- Every ping once.
SELECT * FROM heartbeat
