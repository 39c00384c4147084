-- Each plugin of each instance, from its latest ping.
SELECT id, day, p.name AS plugin, p.version AS version
FROM (SELECT id, day, unnest(plugins) AS p FROM ping_latest)
